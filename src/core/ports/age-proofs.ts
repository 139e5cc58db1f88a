/** What a proof of age shows about the bytes with a digest. */
export interface ProvenAge {
  /** The day (UTC) on or before which the bytes existed, `YYYY-MM-DD`. */
  readonly existedBy: string;
  /** What dates them, in words for a reviewer: the authority, or the block. */
  readonly by: string;
}

/** Judges proofs that bytes existed at a time. Pure: nothing is kept, nobody is called. */
export interface AgeProofs {
  /**
   * Judges an RFC 3161 reply (`.tsr`) or token (`.tst`) about the bytes whose sha-256 is `digest`.
   * `anchors` are trusted certificates in DER, `now` is in milliseconds since 1970.
   *
   * @throws {ArchiveError} `proof_invalid` with the first thing that does not hold.
   */
  readTimestamp(
    token: Uint8Array,
    about: {
      readonly digest: Uint8Array;
      readonly anchors: readonly Uint8Array[];
      readonly now: number;
    },
  ): Promise<ProvenAge>;

  /**
   * Judges an OpenTimestamps proof (`.ots`) about the bytes whose sha-256 is `digest`, by a Bitcoin
   * block header of 80 bytes. Whether that block is in the chain is for a reviewer to look up.
   *
   * @throws {ArchiveError} `proof_invalid` with the first thing that does not hold, also for a proof
   * that is only pending.
   */
  readOpenTimestamps(
    proof: Uint8Array,
    about: {
      readonly digest: Uint8Array;
      readonly header: Uint8Array;
      readonly now: number;
    },
  ): Promise<ProvenAge>;
}
