import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import type { Claim } from '../claims/claim-words.ts';
import { type DraftClaim, draftAll, type Saying } from '../claims/make-claim.ts';
import { signedBy } from '../claims/signed-by.ts';
import { makersWith, voucherFor } from '../claims/vouchers.ts';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/** Consents of its own that a consent takes the place of, the newest. */
const MOST_REPLACED = 16;

/**
 * Returns a claim for a maker without membership to sign in its browser: each asset by itself, for those
 * whom stewards vouch that the key is theirs. A consent takes the place of those by the same key, so that
 * the newest word holds.
 *
 * @throws {ArchiveError} `not_allowed` naming the first asset for which nobody vouches; as {@link draftAll}.
 */
export async function draftForMaker(
  {
    key,
    claim,
    assets,
  }: { readonly key: Did; readonly claim: Claim; readonly assets: readonly Cid[] },
  archive: Parts,
): Promise<DraftClaim> {
  const sayings: Saying[] = [];
  for (const asset of assets) sayings.push(await sayingOf(key, asset, archive));
  return draftAll(claim, { sayings, sets: [], capture: 'browser' }, archive);
}

async function sayingOf(key: Did, asset: Cid, parts: Parts): Promise<Saying> {
  const makers = await makersWith(key, asset, parts);
  const voucher = voucherFor(key, makers, asset, parts);
  if (voucher === undefined) throw unvouched(key, asset);
  const before = [...signedBy(key, 'consent', asset, parts)].sort((a, b) => b.clock - a.clock);
  return {
    ...{ about: { asset }, makers: [...makers], identity: 'steward', vouchedBy: voucher.id },
    replaces: before.slice(0, MOST_REPLACED).map(({ id }) => id),
  };
}

export function unvouched(key: Did, asset: Cid): ArchiveError {
  const text = `no steward here has vouched that ${key} is the key of a maker of ${asset}; show it to one`;
  return new ArchiveError('not_allowed', text);
}
