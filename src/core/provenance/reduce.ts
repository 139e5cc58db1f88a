import type { Cid } from '../cid.ts';
import type { KindName } from '../statements/kinds.ts';
import type { AssetFacts, AssetKind, Fact, StandingStatement, UnknownStatement } from './facts.ts';

const NOT_ABOUT_ASSETS: ReadonlySet<KindName> = new Set<KindName>([
  'receipt',
  'model',
  'checkpoint',
  'timestamp',
  'collection',
  'grant',
  'revoke',
  'invitation',
  'admit',
  'adopt',
  'proposal',
  'approval',
  'enactment',
]);

/** Says whether statements of this kind are facts about the assets that they name. */
export function isAssetKind(kind: KindName): kind is AssetKind {
  return !NOT_ABOUT_ASSETS.has(kind);
}

/**
 * Returns what stands about `asset`, from the statements that name it or a set it is in.
 *
 * Order and repetition of the input do not matter: statements are told apart by id and sorted by it.
 */
export function reduceFacts(
  asset: Cid,
  statements: Iterable<StandingStatement>,
  unknown: Iterable<UnknownStatement> = [],
): AssetFacts {
  const known: { [kind: string]: Fact<AssetKind>[] } = {};
  for (const standing of sortedById(statements)) {
    const { statement, ...rest } = standing;
    if (!isAssetKind(statement.kind)) continue;
    const list = known[statement.kind] ?? [];
    known[statement.kind] = list;
    list.push({
      ...rest,
      at: statement.at,
      bySet: statement.about !== null && 'set' in statement.about,
      ...envelopeOf(statement),
      body: statement.body,
    } as Fact<AssetKind>);
  }
  // Each list holds the facts of the kind it is filed under.
  return { asset, known: known as AssetFacts['known'], unknown: sortedById(unknown) };
}

function envelopeOf({ carried }: StandingStatement['statement']) {
  if (carried === undefined) return { carried: false };
  return { carried: true, envelope: { record: carried.envelope, signer: carried.signer } };
}

function sortedById<T extends { readonly id: string }>(items: Iterable<T>): T[] {
  const byId = new Map<string, T>();
  for (const item of items) byId.set(item.id, item);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
