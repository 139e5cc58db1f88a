import { parentPort } from 'node:worker_threads';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import { DIGEST_BYTES } from '../packs/pack-format.ts';
import { sha256 } from '../sha256.ts';
import { SourceFile } from './source-file.ts';

/**
 * Runs in a worker thread: reads small files into buffers that it is lent, each behind its digest.
 *
 * A list of paths begins a job. Every buffer that comes afterwards goes back with the next files of
 * the list, as many as fit.
 */

export interface ReadingJob {
  readonly paths: readonly (string | Uint8Array)[];
  /** Larger files are left to the caller. */
  readonly maxBytes: number;
}

/** What became of one path. An error loses its class on the way between threads. */
export type ReadFile =
  | { readonly outcome: 'read'; readonly start: number; readonly length: number }
  | { readonly outcome: 'large' }
  | {
      readonly outcome: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
    };

export interface FilledBuffer {
  readonly buffer: ArrayBuffer;
  readonly files: readonly ReadFile[];
}

let job: ReadingJob = { paths: [], maxBytes: 0 };
let next = 0;

parentPort?.on('message', (message: ReadingJob | ArrayBuffer) => {
  if (message instanceof ArrayBuffer) {
    const filled: FilledBuffer = { buffer: message, files: fill(Buffer.from(message)) };
    parentPort?.postMessage(filled, [message]);
  } else {
    job = message;
    next = 0;
  }
});

function fill(buffer: Buffer): ReadFile[] {
  const files: ReadFile[] = [];
  let at = 0;
  for (; next < job.paths.length; next += 1) {
    const file = readNext(job.paths[next] ?? '', buffer.subarray(at), at);
    if (file === undefined) break;
    files.push(file);
    if (file.outcome === 'read') at = file.start + file.length;
  }
  return files;
}

/** Returns undefined if there is no room for the file. */
function readNext(path: string | Uint8Array, room: Buffer, at: number): ReadFile | undefined {
  try {
    using file = new SourceFile(path);
    if (file.size > job.maxBytes) return { outcome: 'large' };
    // One byte more is read, to notice a file that grows.
    if (DIGEST_BYTES + file.size + 1 > room.length) return undefined;
    const bytes = file.readInto(room.subarray(DIGEST_BYTES));
    file.assertUnchanged();
    room.set(sha256(bytes), 0);
    return { outcome: 'read', start: at + DIGEST_BYTES, length: bytes.length };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const { code, message, retryable } = error;
    return { outcome: 'refused', code, message, retryable };
  }
}
