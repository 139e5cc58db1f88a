/** Why bytes are to be kept from everybody until somebody has looked. */
export interface Alarm {
  /** `malware`, `listed`, or `not-screened` where they could not be looked at whole. */
  readonly reason: 'malware' | 'listed' | 'not-screened';
  /** What raised it, as a code: `clamav:SIGNATURE`, `hash-list:LABEL`. */
  readonly tool: string;
}

/** What is known of bytes that are to be screened. */
export interface Screened {
  readonly sha256: string;
  /** 64 hexadecimal digits; undefined for what is no picture. */
  readonly pdq: string | undefined;
  readonly size: number;
  /** Reads them from the beginning. A chunk may be reused when the next is asked for. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Programs and lists on this machine that tell bytes which nobody should be given. */
export interface Screening {
  /** Whether anything is configured; without it nothing is ever raised. */
  readonly isConfigured: boolean;

  /**
   * Returns what is raised against bytes.
   *
   * @throws {ArchiveError} `screening_unavailable` if what is configured cannot be asked, `input_invalid` for
   * a list that cannot be read, `aborted`.
   */
  screen(screened: Screened, signal?: AbortSignal): Promise<readonly Alarm[]>;
}
