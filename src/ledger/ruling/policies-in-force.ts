import type { Charter } from '../../core/entries/charter.ts';
import type { GovernanceView } from '../../core/entries/governance/view.ts';
import { ArchiveError } from '../../core/errors.ts';
import {
  decodeCredentialList,
  type NamedCredentialList,
} from '../../core/policy/credential-list.ts';
import {
  decodeInstitutions,
  decodePolicy,
  type NamedPolicy,
  type VettedInstitution,
} from '../../core/policy/documents.ts';
import { verifiedBlock } from '../reading/verified-block.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/** Name of the topic that the trust list for Content Credentials is enacted under. */
const CREDENTIALS = 'credentials';

/**
 * Returns the policies in force, in the order of their names. An enacted document that is no policy of
 * the name of its topic is left out: under a name that nobody can read, nothing is eligible.
 */
export function policiesOf(
  { policies }: Pick<GovernanceView, 'policies'>,
  store: LedgerStore,
): readonly NamedPolicy[] {
  return policies.flatMap(({ name, document }) => {
    const policy = readable(() => decodePolicy(verifiedBlock(store, document)));
    return policy?.name === name ? [{ cid: document, policy }] : [];
  });
}

/**
 * Returns the institutions that the trust lists in force vet, each once. One is self-vetted if no
 * steward of another organisation approved a list that names it; the founder's own in the charter
 * always is (policy.md §2, class K).
 */
export function institutionsOf(
  { trust }: Pick<GovernanceView, 'trust'>,
  charter: Charter,
  store: LedgerStore,
): readonly VettedInstitution[] {
  const founder = charter.stewards[0]?.organisation;
  const vetted = new Map<string, VettedInstitution>();
  for (const { document, proposal, approvedBy } of trust) {
    const list = readable(() => decodeInstitutions(verifiedBlock(store, document)));
    for (const { id, name } of list?.institutions ?? []) {
      const isOwn = proposal === null && id === founder;
      const selfVetted = isOwn || approvedBy.every((organisation) => organisation === id);
      const known = vetted.get(id);
      if (known === undefined || known.selfVetted) vetted.set(id, { id, name, selfVetted });
    }
  }
  return [...vetted.values()];
}

/**
 * Returns the trust list for Content Credentials in force. An enacted document that is none is left out:
 * under a list that nobody can read, no signer is trusted.
 */
export function credentialListOf(
  { trust }: Pick<GovernanceView, 'trust'>,
  store: LedgerStore,
): NamedCredentialList | undefined {
  const document = trust.find(({ name }) => name === CREDENTIALS)?.document;
  if (document === undefined) return undefined;
  const list = readable(() => decodeCredentialList(verifiedBlock(store, document)));
  return list === undefined ? undefined : { cid: document, list };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isUnreadable =
      error instanceof ArchiveError &&
      (error.code === 'policy_unknown' || error.code === 'input_invalid');
    if (isUnreadable) return undefined;
    throw error;
  }
}
