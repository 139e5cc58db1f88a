import type { Cid } from '../../core/cid.ts';
import type { Sha256 } from '../../core/hash.ts';
import { parseSourceType } from '../../core/policy/source-types.ts';
import type { CatalogueRow } from '../../core/ports/intake.ts';
import { sourceCode } from '../../core/statements/fields.ts';
import { type AssetSet, createSet, MAX_SET } from '../../core/statements/set.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

const GENERATED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const PARTLY =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

/** Assets of a run that one statement can speak of together. */
interface Group {
  readonly digitalSourceType: string;
  readonly assets: Set<Cid>;
  /** The one source that all of them come from; null as soon as two differ. */
  source: string | null;
}

/**
 * Gathers what a run's catalogue claims about origin, so that one declaration and one custody
 * statement over a set speak of all assets of one digital source type.
 */
export class ClaimSets {
  readonly #declared = new Map<string, Group>();
  readonly #custody = new Map<string, Group>();
  /** Assets for which custody was asked and no digital source type is known. */
  withoutSourceType = 0;

  /** How many assets there is a declaration for, and how many are in custody. */
  get counts(): { readonly declared: number; readonly custody: number } {
    return { declared: assetsIn(this.#declared), custody: assetsIn(this.#custody) };
  }

  addDeclaration(asset: Cid, row: CatalogueRow): void {
    const type = claimedType(row);
    if (type !== null) add(this.#declared, type, asset, row.source);
  }

  addCustody(asset: Cid, row: CatalogueRow | undefined): void {
    const type = row === undefined ? null : claimedType(row);
    if (type === null) this.withoutSourceType += 1;
    else add(this.#custody, type, asset, row?.source ?? null);
  }

  /** Returns one statement per group (and per 1,048,576 assets of it), declarations first. */
  *sayings(parts: Pick<Archive, 'clock' | 'ledger' | 'sha256'>): Iterable<Saying> {
    const at = timestampOf(parts.clock);
    for (const { group, set } of setsOf(this.#declared, parts.sha256)) {
      yield {
        statement: createStatement('declaration', { set: set.cid }, at, {
          digitalSourceType: group.digitalSourceType,
          generative: 'unstated',
          tools: [],
          makers: [],
          identity: null,
          record: null,
        }),
        documents: set.blocks,
      };
    }
    for (const { group, set } of setsOf(this.#custody, parts.sha256)) {
      yield {
        statement: createStatement('custody', { set: set.cid }, at, {
          institution: parts.ledger.self.organisation,
          accession: at.slice(0, 10),
          source: group.source,
          chain: [],
          digitalSourceType: group.digitalSourceType,
          // The stricter assumption: where the maker lives, custody does not stand in for a declaration.
          maker: 'living',
          makerDied: null,
          record: null,
        }),
        documents: set.blocks,
      };
    }
  }
}

/**
 * Returns the digital source type that a row claims, if any; its column `synthetic` is never
 * overruled by a kinder source type.
 */
export function claimedType(row: CatalogueRow): string | null {
  const stated = row.digitalSourceType;
  if (row.synthetic === null || row.synthetic === 'no') return stated;
  const origin = stated === null ? undefined : parseSourceType(stated)?.class;
  if (origin === 'SYNTHETIC' || origin === 'MIXED' || origin === 'ALGORITHMIC') return stated;
  return row.synthetic === 'yes' ? GENERATED : PARTLY;
}

function assetsIn(groups: ReadonlyMap<string, Group>): number {
  return groups.values().reduce((sum, { assets }) => sum + assets.size, 0);
}

function add(groups: Map<string, Group>, type: string, asset: Cid, source: string | null): void {
  const code = sourceCode.safeParse(source).data ?? null;
  const group = groups.get(type);
  if (group === undefined) {
    groups.set(type, { digitalSourceType: type, assets: new Set([asset]), source: code });
    return;
  }
  group.assets.add(asset);
  if (group.source !== code) group.source = null;
}

function* setsOf(
  groups: Map<string, Group>,
  sha256: Sha256,
): Iterable<{ readonly group: Group; readonly set: AssetSet }> {
  const ordered = [...groups.values()].sort((a, b) =>
    a.digitalSourceType < b.digitalSourceType ? -1 : 1,
  );
  for (const group of ordered) {
    const assets = [...group.assets].sort();
    for (let start = 0; start < assets.length; start += MAX_SET) {
      yield { group, set: createSet(assets.slice(start, start + MAX_SET), sha256) };
    }
  }
}
