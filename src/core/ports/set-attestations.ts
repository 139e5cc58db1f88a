import type { Cid } from '../cid.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';

/** A set attestation whose items could be read, with what its sample showed (policy.md §3). */
export interface AttestationView {
  readonly id: StatementId;
  readonly organisation: string;
  readonly institution: string;
  readonly set: Cid;
  readonly assets: number;
  readonly outcome: 'none' | 'clean' | 'defect';
  /** Items that were looked at without a defect. */
  readonly size: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Reviews that found a defect after the sample was clean. */
  readonly defects: readonly StatementId[];
  /** Null while no checkpoint after it is confirmed by another organisation. */
  readonly seed: string | null;
}

/** An attempt that is to be judged, and draws of it that nobody has judged yet. */
export interface NextDraws {
  readonly seed: string;
  readonly size: number;
  /** Entry of the checkpoint that the seed comes from. */
  readonly checkpoint: EntryHash;
  readonly judged: number;
  readonly draws: readonly {
    readonly draw: number;
    /** Place in the set. */
    readonly place: number;
    readonly asset: Cid;
    /** What the institution says of it: the URI of its digital source type, its maker, and its date. */
    readonly sourceType: string;
    readonly maker: 'living' | 'dead' | 'unknown';
    readonly date: string;
  }[];
}
