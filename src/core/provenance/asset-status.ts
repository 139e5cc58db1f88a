import type { DecisionInput } from '../policy/input.ts';
import type { AssetStatus } from '../ports/asset-views.ts';

/**
 * Returns the one word people see beside an asset, the strongest that holds; undefined for an asset
 * that was neither deposited nor registered and is only spoken of. It is no verdict.
 *
 * `removed`: a removal stands. `withdrawn`: consents were given, and all of them ended by withdrawal.
 * `synthetic`: its own bytes say that they were generated, or it is registered as generated and
 * nobody has deposited it. Registering a deposited work brands nobody (policy.md §4).
 */
export function assetStatus(input: DecisionInput): AssetStatus | undefined {
  const isDeposited = input.deposits.length > 0;
  if (!isDeposited && input.registrations.length === 0) return undefined;
  if (input.stops.some(({ kind, endedBy }) => kind === 'removal' && endedBy.length === 0)) {
    return 'removed';
  }
  const consents = input.consents.filter(({ replacedBy }) => replacedBy.length === 0);
  if (consents.length > 0 && consents.every(({ withdrawnBy }) => withdrawnBy.length > 0)) {
    return 'withdrawn';
  }
  const isGenerated = input.origins.some(
    ({ from, origin }) => from === 'bytes' && origin === 'SYNTHETIC',
  );
  return isGenerated || !isDeposited ? 'synthetic' : 'deposited';
}
