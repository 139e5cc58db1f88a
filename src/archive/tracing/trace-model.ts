import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { LapsedMember } from '../../core/ports/release-candidates.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { type ConsentFate, consentFates } from '../claims/consent-fates.ts';
import { changesIn, outAt, withdrawalLists } from '../live/withdrawal-lists.ts';
import { timestampOf } from '../now.ts';
import { unlessUnreadable } from '../releasing/named-releases.ts';
import { policyOfRelease } from './policy-of-release.ts';
import { type NamedReceipt, receiptsNamed } from './register-model.ts';

type Parts = Pick<
  Archive,
  'catalog' | 'ledger' | 'releases' | 'revisions' | 'verifySignature' | 'sha256' | 'clock'
>;

export interface TracedModel extends Omit<BodyOf<'model'>, 'record' | 'receipts'> {
  readonly receipts: readonly StatementId[];
  readonly kind: 'model';
  readonly id: StatementId;
  readonly at: string;
  readonly by: Did;
}

/** A release as the model's maker pulled it. */
export interface TracedRelease extends Omit<BodyOf<'receipt'>, 'shards'> {
  readonly kind: 'release';
  readonly receipt: StatementId;
  readonly at: string;
  /** Null where the release is not here, or not sound. */
  readonly name: string | null;
  readonly version: string | null;
  /** How many withdrawal lists this node has of it now. */
  readonly newest: number;
}

/** An asset of such a release: as it was pulled, and as it is. */
export interface TracedAsset {
  readonly kind: 'asset';
  readonly receipt: StatementId;
  readonly asset: Cid;
  /** By the withdrawal lists of this node, at the revision of the receipt. */
  readonly was: 'included' | 'withdrawn';
  /** By the verdict of now. */
  readonly is: 'included' | 'withdrawn' | 'removed';
  /** Code of the first rule that fails now; null while it is included. */
  readonly reason: string | null;
  readonly consents: readonly ConsentFate[];
}

export type Traced = TracedModel | TracedRelease | TracedAsset;

/**
 * Yields what a model was trained on, from what was registered: the model, each release that was pulled for
 * it, and of each its assets with the consents about them. `model` is its name or the sha-256 of its weights.
 * That an asset is told is an upper bound: what of a release was used is not known.
 *
 * @throws {ArchiveError} `not_found`, `release_invalid`, `home_corrupt`.
 */
export async function* traceModel(model: string, parts: Parts): AsyncGenerator<Traced> {
  let isFound = false;
  for (const { id, author: by, statement } of parts.catalog.said('model')) {
    if (statement.kind !== 'model') continue;
    const { record: _record, ...body } = statement.body;
    if (body.model !== model && body.weights !== model) continue;
    isFound = true;
    yield { kind: 'model', id, at: statement.at, by, ...body };
    for (const receipt of await receiptsNamed(body.receipts, parts)) yield* traced(receipt, parts);
  }
  if (isFound) return;
  throw new ArchiveError('not_found', `no model ${model} is registered in this archive`);
}

async function* traced(
  { id: receipt, at, body }: NamedReceipt,
  parts: Parts,
): AsyncGenerator<Traced> {
  const { catalog } = parts;
  const { shards: _shards, ...pulled } = body;
  const manifest = await unlessUnreadable(parts.releases.manifest(body.release));
  const { name = null, version = null } = manifest ?? {};
  const lists = await withdrawalLists(body.release, parts);
  yield { kind: 'release', receipt, at, ...pulled, name, version, newest: lists.length };
  const out = outAt(changesIn(lists), body.revision);
  const asked = { purpose: body.purpose, requester: body.requester, at: timestampOf(parts.clock) };
  const lapsed = new Map<Cid, LapsedMember>();
  const view = catalog.releases().find(({ release }) => release === body.release);
  const policy = policyOfRelease(view, manifest, parts);
  if (policy !== undefined) {
    for (const one of await catalog.lapsed(body.release, { ...asked, policy })) {
      lapsed.set(one.asset, one);
    }
  }
  const takeTurn = takeTurns();
  for (const asset of await membersOf(body.release, parts)) {
    await takeTurn();
    const lapse = policy === undefined ? unknown(asset, catalog) : lapsed.get(asset);
    const facts = catalog.facts(asset);
    yield {
      ...{ kind: 'asset', receipt, asset, was: out.has(asset) ? 'withdrawn' : 'included' },
      is: lapse === undefined ? 'included' : lapse.isRemoved ? 'removed' : 'withdrawn',
      reason: lapse?.reason ?? null,
      consents: facts === undefined ? [] : consentFates(facts, parts),
    };
  }
}

function unknown(asset: Cid, catalog: Pick<Parts['catalog'], 'asset'>): LapsedMember {
  return { asset, reason: 'E_UNKNOWN', isRemoved: catalog.asset(asset)?.status === 'removed' };
}

/** Returns the assets that a release was cut with, each once. */
async function membersOf(
  release: Cid,
  { catalog, ledger }: Pick<Parts, 'catalog' | 'ledger'>,
): Promise<readonly Cid[]> {
  const members = new Set<Cid>();
  for (const { statement } of catalog.said('release')) {
    const { about } = statement;
    if (statement.kind !== 'release' || statement.body.release !== release) continue;
    if (about === null) continue;
    const said = 'asset' in about ? [about.asset] : await ledger.setMembers(about.set);
    for (const asset of said) members.add(asset);
  }
  return [...members].sort();
}
