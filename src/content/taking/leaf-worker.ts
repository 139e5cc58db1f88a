import { hash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { DIGEST_BYTES, frameHeadLength, writeFrameHead } from '../packs/pack-format.ts';

/**
 * Runs in a worker thread: reads leaves of a file, hashes them and writes their frames where they
 * belong. Only digests travel back, through shared memory; the block bytes never leave the thread.
 */

export interface LeafJob {
  /** Descriptors belong to the whole process; the main thread opened them and closes them. */
  readonly source: number;
  readonly fileSize: number;
  readonly leafBytes: number;
  readonly firstLeaf: number;
  readonly leafCount: number;
  /** Where the frames go; without it the leaves are only hashed. */
  readonly target: { readonly fd: number; readonly start: number } | undefined;
  /** Two counters that all workers share: the next leaf of the job to take, and whether to stop. */
  readonly control: Int32Array;
  /** Of the whole file. */
  readonly digests: Uint8Array;
}

export type LeafResult =
  | { readonly outcome: 'done' }
  /** The file ended early. */
  | { readonly outcome: 'changed' }
  | {
      readonly outcome: 'failed';
      readonly at: 'source' | 'target';
      /** Parts of the error, since an error loses its code on the way between threads. */
      readonly message: string;
      readonly code: unknown;
    };

export const NEXT_LEAF = 0;
export const STOP = 1;

const RAW = 0x55;

let buffer: Buffer = Buffer.alloc(0);

parentPort?.on('message', (job: LeafJob) => {
  const result = work(job);
  if (result.outcome !== 'done') Atomics.store(job.control, STOP, 1);
  parentPort?.postMessage(result);
});

function work(job: LeafJob): LeafResult {
  const frameBytes = frameHeadLength(RAW, job.leafBytes) + job.leafBytes;
  if (buffer.length < frameBytes) buffer = Buffer.allocUnsafeSlow(frameBytes);
  for (;;) {
    const next = Atomics.add(job.control, NEXT_LEAF, 1);
    if (next >= job.leafCount || Atomics.load(job.control, STOP) === 1) return { outcome: 'done' };
    let length: number | undefined;
    try {
      length = frameLeaf(job, job.firstLeaf + next);
    } catch (error) {
      return failure('source', error);
    }
    if (length === undefined) return { outcome: 'changed' };
    try {
      // One leaf at a time: writes over 2 MiB make Linux look for such large runs of free memory
      // that on some machines they cost five times as much.
      if (job.target !== undefined) {
        writeAll(job.target.fd, length, job.target.start + next * frameBytes);
      }
    } catch (error) {
      return failure('target', error);
    }
  }
}

/** Puts the leaf's frame into the buffer and returns its length; undefined if the file is too short. */
function frameLeaf(job: LeafJob, leaf: number): number | undefined {
  const position = leaf * job.leafBytes;
  const dataLength = Math.min(job.leafBytes, job.fileSize - position);
  const dataStart = frameHeadLength(RAW, dataLength);
  if (!readAll(job.source, dataStart, dataLength, position)) return undefined;
  const length = dataStart + dataLength;
  const digest = hash('sha256', buffer.subarray(dataStart, length), 'buffer');
  writeFrameHead(buffer, 0, { codec: RAW, digest, dataLength });
  job.digests.set(digest, leaf * DIGEST_BYTES);
  return length;
}

function readAll(fd: number, start: number, length: number, position: number): boolean {
  for (let done = 0; done < length; ) {
    const count = readSync(fd, buffer, start + done, length - done, position + done);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

function writeAll(fd: number, length: number, position: number): void {
  for (let done = 0; done < length; ) {
    done += writeSync(fd, buffer, done, length - done, position + done);
  }
}

function failure(at: 'source' | 'target', error: unknown): LeafResult {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { outcome: 'failed', at, message: String(error), code };
}
