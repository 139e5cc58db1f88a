import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { Unreadable } from '../inspector.ts';

type Unpacker = (bytes: Uint8Array, options: ZlibOptions) => Buffer;

/**
 * Unpacks zlib data (RFC 1950) into at most `most` bytes.
 *
 * @throws {Unreadable} `limit` if there is more, without having made it; `malformed`.
 */
export function inflate(bytes: Uint8Array, most: number): Buffer {
  return unpack(inflateSync, bytes, most);
}

/** The same for Deflate without a header (RFC 1951), as ZIP files have it. */
export function inflateRaw(bytes: Uint8Array, most: number): Buffer {
  return unpack(inflateRawSync, bytes, most);
}

/** The same for gzip (RFC 1952). */
export function gunzip(bytes: Uint8Array, most: number): Buffer {
  return unpack(gunzipSync, bytes, most);
}

/** The same for Brotli (RFC 7932). */
export function unbrotli(bytes: Uint8Array, most: number): Buffer {
  return unpack(brotliDecompressSync, bytes, most);
}

function unpack(unpacker: Unpacker, bytes: Uint8Array, most: number): Buffer {
  try {
    return unpacker(bytes, { maxOutputLength: most });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const isTooMuch = code === 'ERR_BUFFER_TOO_LARGE';
    throw new Unreadable(
      isTooMuch ? 'limit' : 'malformed',
      isTooMuch ? `packed data of more than ${most} bytes` : 'packed data that cannot be unpacked',
      { cause },
    );
  }
}
