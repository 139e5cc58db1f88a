import type { Cid } from '../../core/cid.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { type LastProof, lastProof } from '../../core/sharing/last-proof.ts';
import { ReleaseCopies } from '../../core/sharing/release-copies.ts';
import { createSet } from '../../core/statements/set.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { isBlockDamage } from '../../core/unixfs/file-dag.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type CheckedAsset, checkAsset, type StoredTree } from './check-asset.ts';

/** Assets spoken of in one entry: one page of a set. */
const MAX_TOGETHER = 16_384;

/** Assets of the catalog that are looked at together, and blocks that are read: some milliseconds of work. */
const PAGE = 64;

const DAY_MS = 86_400_000;

export interface FixityOptions {
  readonly signal?: AbortSignal | undefined;
  /** Leaves out copies that were proven in the last so many days. Without it everything is read. */
  readonly olderThanDays?: number | undefined;
  /** Awaited after each block. */
  readonly pace?: ((byteLength: number) => Promise<void>) | undefined;
  /** Awaited between looks at some assets and at the next, whether any of them are to be read or not, and between some blocks. */
  readonly rest?: (() => Promise<void>) | undefined;
  readonly onProgress?: ((done: { readonly bytes: number }) => void) | undefined;
  /** Tries to get damaged blocks from partners; resolves when there is nothing more to be got. */
  readonly repair?: ((damaged: readonly CheckedAsset[]) => Promise<void>) | undefined;
}

export interface FixityReport {
  /** Assets whose blocks were read. */
  readonly assets: number;
  readonly bytes: number;
  readonly intact: number;
  /** Found damaged or missing before, or just now, and whole again. */
  readonly repaired: number;
  /** Still damaged or missing, assets and releases; the first thousand. */
  readonly damaged: readonly { readonly asset: Cid; readonly outcome: 'corrupt' | 'missing' }[];
}

type FixityParts = Pick<Archive, 'content' | 'ledger' | 'catalog' | 'clock' | 'sha256'>;

/**
 * Reads the stored bytes of assets again and records what it found, in sets: a check that found all
 * well renews copies that were proven already, one that did not takes them away until they are whole.
 * Damaged blocks are fetched from partners where `repair` can, and the asset is read once more. So are those of
 * releases, of which nothing is recorded, and which are all read each time: some 2.5 KB for each of their assets.
 *
 * What is recorded is durable when the promise resolves.
 *
 * @throws {ArchiveError} `aborted`, `disk_full`, `home_corrupt`; `statement_rejected` if this home's
 * role may not record fixity.
 */
export async function checkFixity(
  parts: FixityParts,
  options: FixityOptions = {},
): Promise<FixityReport> {
  const check = new FixityCheck(parts, options);
  for await (const due of dueAssets(parts, options)) {
    await check.read(due);
  }
  const releases = new ReleaseCopies(parts);
  for (const { release } of parts.catalog.releases()) {
    const copy = parts.content.isRoot(release) ? releases.copyOf(release) : undefined;
    if (copy !== undefined) await check.readRelease(copy);
  }
  return check.finish();
}

interface Due {
  readonly cid: Cid;
  readonly size: number;
  readonly last: LastProof;
}

async function* dueAssets(
  { content, ledger, catalog, clock }: FixityParts,
  { olderThanDays, rest }: FixityOptions,
): AsyncGenerator<Due> {
  const before =
    olderThanDays === undefined ? undefined : timestampOf(() => clock() - olderThanDays * DAY_MS);
  const turn = takeTurns();
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; ) {
    isFirst = false;
    const page = catalog.list({}, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { cid, size, status } of page.assets) {
      await turn();
      const facts = status === 'removed' ? undefined : catalog.facts(cid);
      if (facts === undefined) continue;
      const last = lastProof(facts, ledger.self.did, (one, other) => ledger.isAncestor(one, other));
      // A replica that has not fetched it yet has lost nothing.
      if (last.state === 'none' && !content.isRoot(cid)) continue;
      if (before === undefined || last.state !== 'proven' || last.at < before) {
        const isDeposited = factsOf(facts, 'deposit').length > 0;
        yield { cid, size: isDeposited ? size : await storedSize(cid, content), last };
      }
    }
    cursor = page.cursor;
    if (cursor !== undefined) await rest?.();
  }
}

/** Only a deposit says how large an asset is; of what is registered alone the stored root knows it. */
async function storedSize(cid: Cid, content: FixityParts['content']): Promise<number> {
  try {
    return (await content.stat(cid))?.size ?? 0;
  } catch (error) {
    // The check meets the same damage.
    if (isBlockDamage(error)) return 0;
    throw error;
  }
}

/** What is found, recorded as it comes. */
class FixityCheck {
  readonly #parts: FixityParts;
  readonly #options: FixityOptions;
  readonly #turn = takeTurns();
  readonly #found: Record<Outcome, CheckedAsset[]> = {
    intact: [],
    repaired: [],
    corrupt: [],
    missing: [],
  };
  readonly #damaged: { readonly asset: Cid; readonly outcome: 'corrupt' | 'missing' }[] = [];
  #pending = 0;
  #assets = 0;
  #bytes = 0;
  #intact = 0;
  #repaired = 0;

  constructor(parts: FixityParts, options: FixityOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async read({ cid, size, last }: Due): Promise<void> {
    const checked = await this.#check({ cid, size });
    this.#assets += 1;
    if (checked.outcome === 'intact') {
      if (last.state === 'lost') this.#repaired += 1;
      else this.#intact += 1;
      // Its own word makes no copy: where none was proven there is nothing to renew.
      if (last.state !== 'none') this.#note(last.state === 'lost' ? 'repaired' : 'intact', checked);
    } else {
      if (last.state !== 'lost') this.#note(checked.outcome, checked);
      await this.#heal(checked);
    }
    if (this.#pending >= MAX_TOGETHER) await this.#record();
  }

  async readRelease(copy: StoredTree): Promise<void> {
    // What was found of assets does not wait for it.
    await this.#record();
    const found = await this.#check(copy);
    const { outcome } = found.outcome === 'intact' ? found : await this.#mend(found, copy);
    if (outcome !== 'intact') this.#tellDamaged(copy.cid, outcome);
    else if (found.outcome !== 'intact') this.#repaired += 1;
  }

  async finish(): Promise<FixityReport> {
    await this.#record();
    return {
      assets: this.#assets,
      bytes: this.#bytes,
      intact: this.#intact,
      repaired: this.#repaired,
      damaged: this.#damaged,
    };
  }

  async #heal(found: CheckedAsset): Promise<void> {
    const checked = await this.#mend(found, { cid: found.asset, size: found.size });
    if (checked.outcome === 'intact') {
      // First that it was damaged, then, behind it, that it is whole again.
      await this.#record();
      this.#repaired += 1;
      this.#note('repaired', checked);
    } else this.#tellDamaged(checked.asset, checked.outcome);
  }

  /** Has damaged blocks fetched for as long as that brings any, and returns how it stands then. */
  async #mend(found: CheckedAsset, stored: StoredTree): Promise<CheckedAsset> {
    let checked = found;
    const { repair } = this.#options;
    // A damaged node hides what is damaged below it, so more may come to light each time.
    const tried = new Set<Cid>();
    while (repair !== undefined && checked.damaged.some(({ cid }) => !tried.has(cid))) {
      for (const { cid } of checked.damaged) tried.add(cid);
      await repair([checked]);
      checked = await this.#check(stored);
    }
    return checked;
  }

  #tellDamaged(asset: Cid, outcome: 'corrupt' | 'missing'): void {
    if (this.#damaged.length < MAX_DAMAGED) this.#damaged.push({ asset, outcome });
  }

  async #check(asset: StoredTree): Promise<CheckedAsset> {
    const { signal, pace, rest, onProgress } = this.#options;
    let blocks = 0;
    const onBlock = async (byteLength: number) => {
      await pace?.(byteLength);
      // Blocks that lie in memory of the system are read on the spot, and a release has a hundred thousand.
      await this.#turn();
      blocks += 1;
      if (blocks % PAGE === 0) await rest?.();
    };
    const checked = await checkAsset(this.#parts.content, asset, { signal, onBlock });
    this.#bytes += checked.readBytes;
    onProgress?.({ bytes: this.#bytes });
    return checked;
  }

  #note(outcome: Outcome, checked: CheckedAsset): void {
    this.#found[outcome].push(checked);
    this.#pending += 1;
  }

  async #record(): Promise<void> {
    const { ledger, clock, sha256 } = this.#parts;
    const said = OUTCOMES.flatMap((outcome) => {
      const found = this.#found[outcome].splice(0);
      if (found.length === 0) return [];
      const set = createSet(
        found.map(({ asset }) => asset),
        sha256,
      );
      const bytes = found.reduce((sum, { readBytes }) => sum + readBytes, 0);
      const at = timestampOf(clock);
      const statement = createStatement('fixity', { set: set.cid }, at, { outcome, bytes });
      return [{ statement, documents: set.blocks }];
    });
    this.#pending = 0;
    if (said.length === 0) return;
    await ledger.append({
      statements: said.map(({ statement }) => statement),
      records: [],
      documents: said.flatMap(({ documents }) => documents),
    });
  }
}

const OUTCOMES = ['intact', 'repaired', 'corrupt', 'missing'] as const;
type Outcome = (typeof OUTCOMES)[number];

const MAX_DAMAGED = 1_000;
