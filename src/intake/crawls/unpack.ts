import { pipeline, Readable, type Transform } from 'node:stream';
import { broken } from './broken.ts';

/** What may come out before it is compared with what went in. */
const FREE_BYTES = 64 * 1024 * 1024;
const MOST_TIMES = 200;

/** A decompressor of node:zlib. */
export type Unpacker = Transform & { readonly bytesWritten: number };

/**
 * Yields what a decompressor makes of packed bytes. When it ends, nobody reads `packed` any more.
 *
 * @throws {ArchiveError} `input_invalid` for bytes that cannot be unpacked, that go on after their end, or
 * of which more than 64 MiB and 200 times as much comes out.
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  unpacker: Unpacker,
): AsyncGenerator<Uint8Array> {
  const reading = new Reading(packed);
  let failed: unknown;
  const source = Readable.from(reading.chunks(), { objectMode: false });
  pipeline(source, unpacker, (error) => {
    failed = error;
  });
  let bytes = 0;
  try {
    for await (const chunk of unpacker) {
      bytes += chunk.length;
      if (bytes > FREE_BYTES && bytes > MOST_TIMES * unpacker.bytesWritten) {
        throw broken(`it unpacks to more than ${MOST_TIMES} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    throw isOfZlib(error) ? broken(`it cannot be unpacked (${error.code})`) : error;
  } finally {
    source.destroy();
    unpacker.destroy();
    await reading.ended;
  }
  if (failed != null) throw failed;
  if (unpacker.bytesWritten < reading.bytes) throw broken('something follows its packed bytes');
}

/** Hands chunks on, counts them, and knows when it has let go of where they come from. */
class Reading {
  bytes = 0;
  ended: Promise<void> = Promise.resolve();
  readonly #packed: AsyncIterable<Uint8Array>;

  constructor(packed: AsyncIterable<Uint8Array>) {
    this.#packed = packed;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    try {
      for await (const chunk of this.#packed) {
        this.bytes += chunk.length;
        yield chunk;
      }
    } finally {
      resolve();
    }
  }
}

function isOfZlib(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return /^(Z_|ERR_(?!STREAM)|ZSTD_)/.test(String(error.code));
}
