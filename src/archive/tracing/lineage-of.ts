import type { Cid } from '../../core/cid.ts';
import type { Taint } from '../../core/policy/taint.ts';
import type { AssetStatus } from '../../core/ports/asset-views.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';

/** That one asset is said to be made from another. */
export interface Descent {
  readonly id: StatementId;
  readonly parent: Cid;
  readonly child: Cid;
  readonly relation: BodyOf<'derivation'>['relation'] | 'rendition';
  /** Of a rendition: how it was computed. */
  readonly recipe: string | null;
}

export interface Relative {
  readonly cid: Cid;
  readonly title: string;
  readonly mediaType: string;
  /** Null where nobody has deposited or registered it. */
  readonly status: AssetStatus | null;
  readonly taint: Taint;
}

/** What an asset was made from, what was made from it, and so on. */
export interface LineageView {
  readonly asset: Cid;
  /** The asset itself first, then as far as they are away. */
  readonly relatives: readonly Relative[];
  readonly descents: readonly Descent[];
  /** From the asset to where its taint comes from; empty where it is clean. */
  readonly path: readonly Cid[];
  /** There are more relatives than are told. */
  readonly isCut: boolean;
}

type Parts = Pick<Archive, 'catalog'>;

/** More than anybody looks through, in each direction. */
const MOST = 200;

/**
 * Returns the lineage of an asset, upwards and downwards. What came of its ancestors besides is not in it.
 *
 * @throws {ArchiveError} `input_invalid`, `not_found`.
 */
export function lineageOf(text: string, { catalog }: Parts): LineageView {
  const asset = knownAsset(text, catalog);
  const descents = new Map<StatementId, Descent>();
  const up = walk(asset, (child) => {
    const found = descentsTo(child, { catalog });
    for (const one of found) descents.set(one.id, one);
    return found.map(({ parent }) => parent);
  });
  const down = walk(asset, (parent) => {
    const children = catalog.madeFrom(parent, MOST + 1);
    for (const child of children) {
      for (const one of descentsTo(child, { catalog })) {
        if (one.parent === parent) descents.set(one.id, one);
      }
    }
    return children;
  });
  const told = new Set([...up.met, ...down.met]);
  return {
    asset,
    relatives: [...told].map((cid) => relativeOf(cid, { catalog })),
    descents: [...descents.values()].filter(
      ({ parent, child }) => told.has(parent) && told.has(child),
    ),
    path: catalog.taintOf(asset)?.path ?? [],
    isCut: up.isCut || down.isCut,
  };
}

/** Goes from an asset to its neighbours, breadth first, and meets each once. */
function walk(from: Cid, neighboursOf: (cid: Cid) => readonly Cid[]) {
  const met = new Set([from]);
  for (const here of met) {
    for (const next of neighboursOf(here)) {
      if (met.size > MOST && !met.has(next)) return { met, isCut: true };
      met.add(next);
    }
  }
  return { met, isCut: false };
}

function descentsTo(child: Cid, { catalog }: Parts): readonly Descent[] {
  const facts = catalog.facts(child);
  if (facts === undefined) return [];
  return [
    ...factsOf(facts, 'derivation').map(({ id, body: { parent, relation } }) => {
      return { id, parent, child, relation, recipe: null };
    }),
    ...factsOf(facts, 'rendition').map(({ id, body: { parent, recipe } }) => {
      return { id, parent, child, relation: 'rendition' as const, recipe };
    }),
  ];
}

function relativeOf(cid: Cid, { catalog }: Parts): Relative {
  const known = catalog.asset(cid);
  return {
    cid,
    title: known?.title ?? '',
    mediaType: known?.mediaType ?? '',
    status: known?.status ?? null,
    taint: catalog.taintOf(cid)?.taint ?? 'UNKNOWN',
  };
}
