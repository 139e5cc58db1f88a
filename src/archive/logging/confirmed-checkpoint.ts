import type { Did } from '../../core/entries/did-key.ts';
import { openCosignatures } from '../../core/witnessing/cosignature.ts';
import type { Archive } from '../archive.ts';

type Parts = Pick<Archive, 'ledger' | 'feed' | 'sha256' | 'verifySignature'>;

/** A signed note over this home's log, with the cosignatures of it that hold. */
export interface ConfirmedCheckpoint {
  readonly note: string;
  readonly size: number;
  /** Signature lines of those who have confirmed it. */
  readonly lines: readonly string[];
  /** Organisations by the keys that have signed for them. */
  readonly cosigners: ReadonlyMap<Did, string>;
}

/**
 * Returns the newest checkpoint if others have confirmed it and it covers this arrival; else one over the log as
 * it is now, which nobody has confirmed yet.
 */
export function checkpointOver(parts: Parts, arrival: number): ConfirmedCheckpoint {
  const confirmed = confirmedCheckpoint(parts);
  if (confirmed !== undefined && confirmed.size > arrival) return confirmed;
  return { ...parts.feed.head(), lines: [], cosigners: new Map() };
}

/** Returns the newest checkpoint with the cosignatures of it that hold; undefined where there are none. */
export function confirmedCheckpoint({
  ledger,
  verifySignature,
  sha256,
}: Omit<Parts, 'feed'>): ConfirmedCheckpoint | undefined {
  const { newest } = ledger.checkpointState();
  if (newest === undefined) return undefined;
  const { note, size } = newest;
  const cosigners = new Map<Did, string>();
  const lines = newest.cosignatures.flatMap((one) => {
    const [cosignature, second] = openCosignatures(note, one.note, verifySignature, sha256);
    if (cosignature === undefined || second !== undefined) return [];
    cosigners.set(cosignature.did, one.organisation);
    return [one.note];
  });
  return lines.length === 0 ? undefined : { note, size, lines, cosigners };
}
