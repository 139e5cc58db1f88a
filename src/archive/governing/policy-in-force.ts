import { ArchiveError } from '../../core/errors.ts';
import type { NamedPolicy } from '../../core/policy/documents.ts';
import type { Ledger } from '../../core/ports/ledger.ts';

/**
 * Returns the policy of that name.
 *
 * @throws {ArchiveError} `policy_unknown` naming the policies there are.
 */
export function policyInForce(name: string, ledger: Pick<Ledger, 'policies'>): NamedPolicy {
  const policies = ledger.policies();
  const found = policies.find(({ policy }) => policy.name === name);
  if (found === undefined) {
    const names = policies.map(({ policy }) => policy.name).join(', ');
    throw new ArchiveError(
      'policy_unknown',
      `no policy ${JSON.stringify(name)} is in force; there are ${names}`,
    );
  }
  return found;
}
