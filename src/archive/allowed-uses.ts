import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { DEFAULT_REQUESTER, PURPOSES, type Purpose } from '../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../core/policy/shipped.ts';
import type { Archive } from './archive.ts';
import { timestampOf } from './now.ts';

/**
 * Returns the uses for which an asset is eligible now, for anyone and by the default policy: none where
 * that is not in force. Undefined for what is no asset.
 */
export function allowedUses(
  asset: Cid,
  { catalog, clock }: Pick<Archive, 'catalog' | 'clock'>,
): ReadonlySet<Purpose> | undefined {
  const asked = { policy: DEFAULT_POLICY, requester: DEFAULT_REQUESTER, at: timestampOf(clock) };
  try {
    return catalog.eligibleFor(asset, asked, PURPOSES);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'policy_unknown') return new Set();
    throw error;
  }
}
