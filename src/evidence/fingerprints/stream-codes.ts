import { createBLAKE3, type IHasher } from 'hash-wasm';
import type { ByteSource } from '../inspector.ts';
import { DataHasher } from '../iscc/data-code.ts';

const WINDOW_BYTES = 1024 * 1024;

/** One for the thread: starting it costs more than hashing a small file. */
let blake3: Promise<IHasher> | undefined;

/** Returns the digests of Data-Code and Instance-Code (BLAKE3) in one pass and constant memory. */
export async function streamCodes(
  source: ByteSource,
): Promise<{ readonly data: Uint8Array; readonly instance: Uint8Array }> {
  blake3 ??= createBLAKE3();
  const instance = (await blake3).init();
  const data = new DataHasher();
  const isSmall = source.head.length === source.size;
  const room = isSmall ? source.head : new Uint8Array(Math.min(WINDOW_BYTES, source.size));
  let hashed = 0;
  for (let offset = 0; offset < source.size; ) {
    const length = isSmall ? source.size : source.readInto(offset, room);
    const bytes = room.subarray(0, length);
    // A chunk that goes over the end of the window is read again from its beginning.
    instance.update(bytes.subarray(hashed - offset));
    hashed = offset + length;
    offset += data.update(bytes, hashed === source.size);
  }
  return { data: data.digest(), instance: instance.digest('binary') };
}
