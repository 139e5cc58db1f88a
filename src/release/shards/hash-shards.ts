import { createHash } from 'node:crypto';
import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { ReleaseContent } from '../release-content.ts';

interface SizedFile {
  readonly cid: Cid;
  readonly size: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the bytes hashed so far, over all files of the call. */
  readonly onBytes?: ((done: number) => void) | undefined;
}

/**
 * Reads each file once and yields it with the sha-256 of its bytes, in order. Every block is checked
 * against its CID on the way.
 *
 * @throws {ArchiveError} as {@link hashFile}.
 */
export async function* hashShards<T extends SizedFile>(
  shards: Iterable<T>,
  content: Pick<ReleaseContent, 'read'>,
  { signal, onBytes }: HashOptions = {},
): AsyncIterable<T & { readonly sha256: string }> {
  let before = 0;
  for (const shard of shards) {
    const start = before;
    const sha256 = await hashFile(shard, content, {
      signal,
      onBytes: (done) => onBytes?.(start + done),
    });
    before += shard.size;
    yield { ...shard, sha256 };
  }
}

/**
 * Returns the sha-256 of a stored file's bytes in hexadecimal.
 *
 * @throws {ArchiveError} `release_invalid` if the file has another size than it should,
 * `block_missing`, `block_corrupt`, `aborted`.
 */
export async function hashFile(
  { cid, size }: SizedFile,
  content: Pick<ReleaseContent, 'read'>,
  { signal, onBytes }: HashOptions = {},
): Promise<string> {
  const sum = createHash('sha256');
  let done = 0;
  const turn = takeTurns();
  for await (const chunk of content.read(cid, signal === undefined ? {} : { signal })) {
    throwIfAborted(signal);
    await turn();
    sum.update(chunk);
    done += chunk.length;
    onBytes?.(done);
  }
  if (done !== size) {
    throw new ArchiveError('release_invalid', `${cid} has ${done} bytes instead of ${size}`);
  }
  return sum.digest('hex');
}
