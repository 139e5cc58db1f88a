import type { Writable } from 'node:stream';
import type { Progress } from '../archive/operations/operation.ts';
import { bytesText, countText, durationText } from './printable.ts';

/** Where a verb writes its answer: JSON or words on stdout, progress and complaints on stderr. */
export interface Output {
  readonly json: boolean;
  /** Whether somebody sees the progress. */
  readonly isWatched: boolean;
  /** Writes one JSON document, on one line. For `--json` only. */
  document(value: unknown): void;
  /** Writes one line for people. Not with `--json`. */
  line(text?: string): void;
  /** Writes bytes to stdout as they are: the whole answer. Not with `--json`. */
  bytes(bytes: Uint8Array): void;
  /** Writes one line to stderr, in either form. */
  notice(text: string): void;
  /** Shows progress on stderr where that is a terminal, at most some times a second. */
  progress(what: string, done: Progress): void;
  /** Says that what runs changes something: it is brought to its end also where its answer reaches nobody. */
  outliveReader(): void;
  /** Whether that was said. */
  readonly outlivesReader: boolean;
  /** Waits until everything written has been handed to the system. */
  flush(): Promise<void>;
}

const REDRAW_MS = 100;

export function createOutput(options: {
  readonly json: boolean;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly clock: () => number;
}): Output {
  const { json, stdout, stderr, clock } = options;
  const started = clock();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let outlivesReader = false;

  function clear(): void {
    if (isDrawn) stderr.write('\r\x1b[K');
    isDrawn = false;
  }

  return {
    json,
    isWatched: stderr.isTTY === true,
    document(value) {
      clear();
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    line(text = '') {
      clear();
      if (!json) stdout.write(`${text}\n`);
    },
    bytes(bytes) {
      clear();
      if (!json) stdout.write(bytes);
    },
    notice(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(what, done) {
      const now = clock();
      if (stderr.isTTY !== true || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      clear();
      stderr.write(progressLine(what, done, (now - started) / 1000));
      isDrawn = true;
    },
    outliveReader() {
      outlivesReader = true;
    },
    get outlivesReader() {
      return outlivesReader;
    },
    async flush() {
      clear();
      await Promise.all([drained(stdout), drained(stderr)]);
    },
  };
}

function progressLine(what: string, done: Progress, seconds: number): string {
  const parts = [what];
  if (done.files !== undefined) {
    const of = done.expectedFiles === undefined ? '' : ` of ${countText(done.expectedFiles)}`;
    parts.push(`${countText(done.files)}${of}`);
  }
  if (done.bytes !== undefined) {
    parts.push(bytesText(done.bytes));
    if (seconds > 1) parts.push(`${bytesText(done.bytes / seconds)}/s`);
  }
  const share = shareOf(done);
  if (share !== undefined && share > 0 && seconds > 2) {
    parts.push(`${durationText((seconds * (1 - share)) / share)} left`);
  }
  return parts.join(' · ');
}

/** Files and bytes both take time; the smaller share is the honest one. */
function shareOf({ files, expectedFiles, bytes, expectedBytes }: Progress): number | undefined {
  const shares = [
    files === undefined || !expectedFiles ? undefined : files / expectedFiles,
    bytes === undefined || !expectedBytes ? undefined : bytes / expectedBytes,
  ].filter((share) => share !== undefined);
  return shares.length === 0 ? undefined : Math.min(1, ...shares);
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
