import { type Charter, encodeCharter, FORMAT } from '../../core/entries/charter.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { toHex } from '../../core/hash.ts';
import { encodeInstitutions, encodePolicy } from '../../core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../core/policy/shipped.ts';
import type { RandomBytes } from '../../core/ports/environment.ts';
import type { Block } from '../../core/statements/block.ts';
import { sha256 } from '../sha256.ts';

/** What the founder decides. */
export interface FoundingTerms {
  /** Name of the archive. */
  readonly name: string;
  /** Name of the founder's institution, which the charter then vets for custody. */
  readonly institution?: string | undefined;
  /** Whether collections may be made readable by everybody; yes where nothing is said. */
  readonly publicAllowed?: boolean | undefined;
  /** Who answers for personal data. */
  readonly controller?: string | undefined;
}

export interface FoundingDocuments {
  readonly charter: Charter;
  readonly charterBlock: Block;
  /** The shipped policies and the trust list that the charter names. */
  readonly documents: readonly Block[];
}

/** Returns the charter of a new archive with one steward, and the documents that it names. */
export function foundingDocuments(
  terms: FoundingTerms,
  founder: { readonly did: Did; readonly organisation: string },
  randomBytes: RandomBytes,
): FoundingDocuments {
  const policies = SHIPPED_POLICIES.map(
    (policy) => [policy.name, encodePolicy(policy, sha256)] as const,
  );
  const vetted =
    terms.institution === undefined ? [] : [{ id: founder.organisation, name: terms.institution }];
  const institutions = encodeInstitutions(
    { v: 1, type: 'institutions', institutions: vetted },
    sha256,
  );
  const charter: Charter = {
    type: 'ringfence',
    format: FORMAT,
    name: terms.name,
    stewards: [{ id: founder.did, key: founder.did, organisation: founder.organisation }],
    quorum: 1,
    publicAllowed: terms.publicAllowed ?? true,
    controller: terms.controller ?? '',
    policies: Object.fromEntries(policies.map(([name, block]) => [name, block.cid])),
    trust: { institutions: institutions.cid },
    nonce: toHex(randomBytes(16)),
  };
  return {
    charter,
    charterBlock: encodeCharter(charter, sha256),
    documents: [...policies.map(([, block]) => block), institutions],
  };
}
