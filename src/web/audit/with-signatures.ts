import { sha256 } from '@noble/hashes/sha2.js';
import { type Did, publicKeyOf } from '../../core/entries/did-key.ts';
import { concatBytes, toHex } from '../../core/hash.ts';
import type { Tools } from '../../core/witnessing/logged-entry.ts';

interface Question {
  readonly did: Did;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Returns what a check of `core` finds, with signatures verified by this browser. A check wants answers at once
 * and WebCrypto gives them later: the check is run until every signature that it asks about has its answer, and
 * what it found before then counts for nothing.
 */
export async function withSignatures<Found>(check: (tools: Tools) => Found): Promise<Found> {
  const answers = new Map<string, boolean>();
  for (;;) {
    const open = new Map<string, Question>();
    const verify: Tools['verify'] = (did, bytes, signature) => {
      const name = nameOf({ did, bytes, signature });
      const answer = answers.get(name);
      if (answer === undefined) open.set(name, { did, bytes, signature });
      // The check goes on, to ask what else it wants to know.
      return answer ?? true;
    };
    const found = attempt(() => check({ verify, sha256 }));
    if (open.size === 0) return found();
    for (const [name, question] of open) answers.set(name, await isSigned(question));
  }
}

/** Returns how to get at the outcome, be it a value or a failure. */
function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function nameOf({ did, bytes, signature }: Question): string {
  return `${did} ${toHex(signature)} ${toHex(sha256(bytes))}`;
}

/** Ed25519 of RFC 8032, by WebCrypto. */
async function isSigned({ did, bytes, signature }: Question): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', own(publicKeyOf(did)), 'Ed25519', false, [
    'verify',
  ]);
  return crypto.subtle.verify('Ed25519', key, own(signature), own(bytes));
}

/** WebCrypto takes no view of memory that others may change. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(concatBytes(bytes));
}
