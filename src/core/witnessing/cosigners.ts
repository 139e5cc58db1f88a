import type { Governance } from '../entries/governance/fold.ts';
import { ArchiveError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import type { VerifySignature } from '../ports/keys.ts';
import type { BodyOf } from '../statements/kinds.ts';
import { openCosignatures } from './cosignature.ts';

/** An organisation that has confirmed a checkpoint, and when by its own clock. */
export interface Cosigner {
  readonly organisation: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/**
 * Returns the organisations whose cosignatures in a checkpoint statement hold: of members in this state,
 * by keys of homes, each under its own organisation. What does not hold is left out, and voids nothing.
 */
export function cosignersOf(
  { note, cosignatures }: BodyOf<'checkpoint'>,
  state: Pick<Governance, 'titleOf'>,
  verify: VerifySignature,
  sha256: Sha256,
): readonly Cosigner[] {
  return cosignatures.flatMap(({ organisation, note: lines }) => {
    try {
      return openCosignatures(note, lines, verify, sha256)
        .filter(({ did }) => {
          const title = state.titleOf(did);
          return title?.use === 'home' && title.organisation === organisation;
        })
        .map(({ time }) => ({ organisation, time }));
    } catch (error) {
      if (error instanceof ArchiveError) return [];
      throw error;
    }
  });
}
