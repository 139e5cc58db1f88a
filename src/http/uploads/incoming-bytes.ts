import type { IncomingMessage } from 'node:http';
import { ArchiveError } from '../../core/errors.ts';

/**
 * Yields the body of a request as it comes, no faster than it is taken, and tells `onBytes` of it first.
 * Whatever goes wrong, the request can still be answered.
 *
 * @throws {ArchiveError} `aborted` if the client went away before all of it had come.
 */
export async function* incomingBytes(
  req: IncomingMessage,
  onBytes: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = req.iterator({ destroyOnReturn: false });
  for (;;) {
    const { done, value } = await nextOf(chunks);
    if (done) return;
    onBytes(value);
    yield value;
  }
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next();
  } catch (cause) {
    throw new ArchiveError('aborted', 'the upload broke off; nothing of it was kept', { cause });
  }
}
