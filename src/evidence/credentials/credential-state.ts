/**
 * What a credential says about its file, in the words of the archive. A validator's "Invalid" covers
 * facts that have nothing to do with each other, so it is never handed on alone.
 *
 * - `none`: there is no credential. `valid`: intact, the signer is on no list that is in force.
 * - `trusted`: intact, and the signer is on the list in force.
 * - `tampered`: file or manifest were changed after signing (often by a website or messenger).
 * - `unestablished`: intact, but the signer's own certificate does not hold.
 * - `unresolvable`: it cannot be decided without a network, or without the file it belongs to.
 * - `unreadable`: there is one, and it cannot be judged.
 */
export type CredentialState =
  | 'none'
  | 'valid'
  | 'trusted'
  | 'tampered'
  | 'unestablished'
  | 'unresolvable'
  | 'unreadable';

/**
 * Status codes of failures (C2PA 2.2, 15.2; CAWG Identity 1.2), each with what it means. A
 * code that no line knows means that the credential cannot be judged.
 */
const MEANINGS: readonly (readonly [pattern: RegExp, state: CredentialState])[] = [
  [/^cawg\.ica\.did_unavailable$/, 'unresolvable'],
  [/^(manifest|assertion)\.inaccessible$|^assertion\.cloud-data\./, 'unresolvable'],
  [/^cawg\./, 'unestablished'],
  [/^signingCredential\./, 'unestablished'],
  [/^claimSignature\.(outsideValidity|missing)$/, 'unestablished'],
  [/\.mismatch$/, 'tampered'],
  [/^(ingredient\.manifest|hashedURI|assertion)\.missing$/, 'tampered'],
  [/^assertion\.(\w+\.redacted|undeclared|notRedacted)$/, 'tampered'],
];

/** Of several failures the first in this order says what the credential is. */
const WORST_FIRST: readonly CredentialState[] = [
  'tampered',
  'unreadable',
  'unestablished',
  'unresolvable',
];

/** Hashes that bind a manifest to its file; beside the file they cannot be checked. */
const BINDING = /^assertion\.(dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash)\./;

export interface Judgement {
  /** The validator's own word: `Invalid`, `Valid` or `Trusted`. */
  readonly validated: string;
  /** Codes of the active manifest's failures. */
  readonly failures: readonly string[];
  /** Codes of failures of its ingredients. */
  readonly ingredientFailures: readonly string[];
  /** The signer is found in the list of signers, not in another. */
  readonly isListed: boolean;
  /** The manifest store stands alone, without the file that it is about. */
  readonly isSidecar: boolean;
}

/** Returns what the codes of a validated credential come to. */
export function credentialState(judgement: Judgement): CredentialState {
  const { validated, failures, isListed, isSidecar } = judgement;
  const own = isSidecar ? failures.filter((code) => !BINDING.test(code)) : failures;
  const states = new Set(own.map(meaningOf));
  if (states.has('tampered')) return 'tampered';
  if (isSidecar) return states.has('unreadable') ? 'unreadable' : 'unresolvable';
  if (validated === 'Trusted' && own.length === 0) return isListed ? 'trusted' : 'valid';
  if (validated === 'Valid' || validated === 'Trusted') return 'valid';
  if (own.length === 0)
    for (const code of judgement.ingredientFailures) states.add(meaningOf(code));
  return WORST_FIRST.find((state) => states.has(state)) ?? 'unreadable';
}

function meaningOf(code: string): CredentialState {
  return MEANINGS.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreadable';
}
