import type { Charter } from '../core/entries/charter.ts';
import {
  decodeInstitutions,
  decodePolicy,
  type NamedPolicy,
  type VettedInstitution,
} from '../core/policy/documents.ts';
import type { LedgerStore } from './ledger-store.ts';
import { verifiedBlock } from './verified-block.ts';

/** Returns the charter's policies, in the order of their names. */
export function policiesOf(charter: Charter, store: LedgerStore): readonly NamedPolicy[] {
  return Object.entries(charter.policies)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cid]) => ({ cid, policy: decodePolicy(verifiedBlock(store, cid)) }));
}

/**
 * Returns the institutions that the charter's trust lists vet. Every founding steward has approved
 * the charter, so an institution is self-vetted if no steward of another organisation is among them;
 * the founder's own always is (policy.md §2, class K).
 */
export function institutionsOf(charter: Charter, store: LedgerStore): readonly VettedInstitution[] {
  const founder = charter.stewards[0]?.organisation;
  return Object.values(charter.trust).flatMap((cid) =>
    decodeInstitutions(verifiedBlock(store, cid)).institutions.map(({ id, name }) => ({
      id,
      name,
      selfVetted:
        id === founder || charter.stewards.every((steward) => steward.organisation === id),
    })),
  );
}
