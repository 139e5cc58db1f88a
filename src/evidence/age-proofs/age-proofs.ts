import type { AgeProofs } from '../../core/ports/age-proofs.ts';

/** The readers of proofs of age, each loaded with the first proof of its kind. */
export const ageProofs: AgeProofs = {
  readTimestamp: async (token, about) =>
    (await import('./timestamp-token.ts')).readTimestamp(token, about),
  readOpenTimestamps: async (proof, about) =>
    (await import('./open-timestamps.ts')).readOpenTimestamps(proof, about),
};
