/** What a log line may say besides its text. Never a secret: no key, invitation, passphrase or token. */
export type LogDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One thing that happened in a running node, for the operator: `started`, `operation`, `peer`.
 * `event` is a code that programs may rely on; `text` is a sentence for people.
 */
export interface LogLine {
  readonly level: 'note' | 'warning' | 'error';
  readonly event: string;
  readonly text: string;
  readonly details?: LogDetails;
}

/** Where a running node says what happened. Returns at once and never throws. */
export type Log = (line: LogLine) => void;
