import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { ReleaseView } from '../../core/ports/release-candidates.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';
import { unlessUnreadable } from '../releasing/named-releases.ts';
import { type ReleaseState, stateIn } from './state-in-release.ts';

type Parts = Pick<
  Archive,
  'catalog' | 'ledger' | 'releases' | 'revisions' | 'verifySignature' | 'sha256' | 'clock'
>;

/** A release that was cut with the asset in it. */
export interface ReleaseImpact extends ReleaseView {
  readonly kind: 'release';
  /** Null where the release is not here, or not sound. */
  readonly name: string | null;
  readonly version: string | null;
  readonly left: Omit<ReleaseState, 'isOutAt' | 'mayBeIn'>;
}

/** A pull of such a release that may have brought the asset along. */
export interface ReceiptImpact extends Omit<BodyOf<'receipt'>, 'shards'> {
  readonly kind: 'receipt';
  readonly id: StatementId;
  /** The node that gave it, and when. */
  readonly node: Did;
  readonly at: string;
  /** The puller's first receipt for a revision without the asset; null as long as there is none. */
  readonly updatedBy: StatementId | null;
  readonly obligation: Obligation;
}

/** A model that is registered with one of these receipts. */
export interface ModelImpact {
  readonly kind: 'model';
  readonly id: StatementId;
  readonly model: string;
  /** sha-256 of the weights. */
  readonly weights: string;
  readonly generative: boolean;
  readonly at: string;
  readonly by: Did;
  /** Those of its receipts that may have brought the asset along. */
  readonly receipts: readonly StatementId[];
  readonly obligation: Obligation;
}

/**
 * What whoever has the asset is to do. `update`: leave it out of every training that begins now, by pulling the
 * newest revision. `destroy`: delete the copies as well, the asset having been removed. `listed`: nothing is undone,
 * the model is told of (policy.md §5). `none`: the asset may still be used, or the puller has updated.
 */
export type Obligation = 'none' | 'update' | 'destroy' | 'listed';

export type Impact = ReleaseImpact | ReceiptImpact | ModelImpact;

/**
 * Yields where an asset went: each release that was cut with it, what became of it there, each receipt that may have
 * brought it along, and at last each model that is registered with one of those. That a receipt is told is an upper
 * bound: whoever pulled a shard need not have used every sample of it, and revisions of other nodes are not known here.
 *
 * @throws {ArchiveError} `input_invalid`, `not_found`, `home_corrupt`.
 */
export async function* impactOf(asset: string, parts: Parts): AsyncGenerator<Impact> {
  const { catalog } = parts;
  const cid = knownAsset(asset, catalog);
  const views = new Map(catalog.releases().map((view) => [view.release, view]));
  const told = new Map<StatementId, boolean>();
  const takeTurn = takeTurns();
  for (const release of catalog.releasesWith(cid)) {
    const view = views.get(release);
    if (view === undefined) continue;
    const manifest = await unlessUnreadable(parts.releases.manifest(release));
    const left = await stateIn(view, cid, manifest, parts);
    const { name = null, version = null } = manifest ?? {};
    const { is, reason, since, issued } = left;
    yield { kind: 'release', ...view, name, version, left: { is, reason, since, issued } };
    const updates = await updatesAfter(release, left, parts);
    for (const standing of catalog.receiptsOf(release)) {
      await takeTurn();
      const receipt = receiptOf(standing, left, parts);
      if (receipt === undefined) continue;
      told.set(receipt.id, left.is !== 'included');
      const updatedBy = updates.get(receipt.puller) ?? null;
      const obligation = updatedBy === null ? obligationOf(left.is) : 'none';
      yield { ...receipt, updatedBy, obligation };
    }
  }
  yield* modelsWith(told, parts);
}

/** Returns who has pulled the release again without the asset, by the first receipt for it. */
async function updatesAfter(
  release: Cid,
  left: ReleaseState,
  { catalog, ledger }: Parts,
): Promise<ReadonlyMap<Did, StatementId>> {
  const updates = new Map<Did, StatementId>();
  if (left.is === 'included') return updates;
  const takeTurn = takeTurns();
  for (const { id, author, statement } of catalog.receiptsOf(release)) {
    await takeTurn();
    if (statement.kind !== 'receipt' || author !== ledger.self.did) continue;
    const { puller, revision } = statement.body;
    if (left.since === null || revision < left.since || updates.has(puller)) continue;
    updates.set(puller, id);
  }
  return updates;
}

/** Returns a receipt unless it shows that the asset did not come along. */
function receiptOf(
  { id, author, statement }: StandingStatement,
  left: ReleaseState,
  { ledger }: Parts,
): Omit<ReceiptImpact, 'updatedBy' | 'obligation'> | undefined {
  if (statement.kind !== 'receipt') return undefined;
  const { shards, ...body } = statement.body;
  if (author === ledger.self.did && left.isOutAt(body.revision)) return undefined;
  if (!left.mayBeIn(shards)) return undefined;
  return { kind: 'receipt', id, ...body, node: author, at: statement.at };
}

async function* modelsWith(
  told: ReadonlyMap<StatementId, boolean>,
  { catalog }: Parts,
): AsyncGenerator<ModelImpact> {
  const takeTurn = takeTurns();
  for (const { id, author: by, statement } of catalog.said('model')) {
    await takeTurn();
    if (statement.kind !== 'model') continue;
    const { receipts: all, record: _record, ...body }: BodyOf<'model'> = statement.body;
    const receipts = all.filter((receipt) => told.has(receipt));
    if (receipts.length === 0) continue;
    const isOut = receipts.some((receipt) => told.get(receipt) === true);
    const obligation = isOut ? 'listed' : 'none';
    yield { kind: 'model', id, ...body, at: statement.at, by, receipts, obligation };
  }
}

function obligationOf(is: ReleaseState['is']): Obligation {
  if (is === 'included') return 'none';
  return is === 'removed' ? 'destroy' : 'update';
}
