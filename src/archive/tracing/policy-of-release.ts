import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import type { ReleaseView } from '../../core/ports/release-candidates.ts';
import type { Archive } from '../archive.ts';

/**
 * Returns the name of the policy by which the assets of a release are decided now; undefined where this home does
 * not know it. Nobody can say then that they may be used, and so they are out, with `E_UNKNOWN`.
 */
export function policyOfRelease(
  view: Pick<ReleaseView, 'policy'> | undefined,
  manifest: ReleaseManifest | undefined,
  { ledger }: Pick<Archive, 'ledger'>,
): string | undefined {
  const policies = ledger.policies();
  const named =
    manifest?.policy.name ?? policies.find(({ cid }) => cid === view?.policy)?.policy.name;
  return policies.some(({ policy }) => policy.name === named) ? named : undefined;
}
