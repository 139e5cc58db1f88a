import { type Sha256, toHex } from '../hash.ts';

const PREFIX = 'identity/';

/**
 * Returns the rubric of the review by which a steward ties an outsider's key to a maker: `identity/`
 * and the SHA-256, in lower-case hexadecimal, of the label `ringfence maker key 1`, a zero byte, and
 * the commitments to the signer's did:key and to the maker's name, as statements spell them.
 */
export function makerKeyRubric(signer: string, maker: string, sha256: Sha256): string {
  const words = `ringfence maker key 1\0${signer}${maker}`;
  return `${PREFIX}${toHex(sha256(new TextEncoder().encode(words)))}`;
}

/** Says whether a review says whose a key is; nothing is said of a work then. */
export function isMakerKeyRubric(rubric: string): boolean {
  return rubric.startsWith(PREFIX);
}
