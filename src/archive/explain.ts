import { ArchiveError } from '../core/errors.ts';
import { decide } from '../core/policy/decide.ts';
import { toVerdict, type Verdict } from '../core/policy/explain.ts';
import type { Purpose, Requester } from '../core/policy/purposes.ts';
import type { Archive } from './archive.ts';
import { policyInForce } from './governing/policy-in-force.ts';
import { knownAsset } from './known-assets.ts';

/**
 * Returns the verdict on one asset with every rule's answer and the entries it used.
 *
 * @throws {ArchiveError} `input_invalid`, `not_found`, `policy_unknown`.
 */
export function explain(
  request: {
    readonly asset: string;
    readonly purpose: Purpose;
    readonly policy: string;
    readonly requester: Requester;
    readonly at: string;
  },
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Verdict {
  const asset = knownAsset(request.asset, catalog);
  const { policy } = policyInForce(request.policy, ledger);
  const abstraction = catalog.abstraction(asset);
  if (abstraction === undefined) {
    throw new ArchiveError('internal', `${asset} is listed and has no facts; run "reindex"`);
  }
  const question = { ...request, policy };
  return toVerdict(asset, decide(abstraction.input, question), abstraction, question);
}
