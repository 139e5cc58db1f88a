import { type RandomAccess, Unreadable } from '../inspector.ts';
import { ByteWindow } from './byte-window.ts';
import { hasAscii } from './bytes.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { decodeUtf8OrLatin1 } from './text-encoding.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
const MOST_BLOCKS = 2_000_000;
const JOINED_BYTES = 16 * 1024 * 1024;
/** The bytes FF to 00 and one 00, by which readers of sub-blocks get out of an XMP text. */
const MAGIC_TRAILER = 257;

export function isGif(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, 'GIF87a') || hasAscii(bytes, 0, 'GIF89a');
}

/**
 * Yields comments, XMP (XMP specification part 3, 1.1.2) and the C2PA store (C2PA 2.2, A.3.4) of a GIF.
 * XMP stands there as it is, a store and comments in sub-blocks of up to 255 bytes (GIF89a, 15).
 *
 * @throws {Unreadable} `malformed` if the file ends before its trailer, `limit`.
 */
export function* gifMetadata(source: RandomAccess): Generator<MetadataBlock> {
  const window = new ByteWindow(source);
  let at = afterColours(window, 13, window.at(10, 1)[0]);
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks += 1) {
    const [kind, label] = window.at(at, 2);
    if (kind === TRAILER) return;
    if (kind === IMAGE) {
      const data = afterColours(window, at + 10, window.at(at + 9, 1)[0]) + 1;
      at = endOfSubBlocks(window, data);
    } else if (kind === EXTENSION) {
      const end = endOfSubBlocks(window, at + 2);
      if (label === COMMENT) yield commentBlock(source, at + 2, end);
      else if (label === APPLICATION) yield* applicationBlock(source, window, at, end);
      at = end;
    } else throw new Unreadable('malformed', 'a GIF block that is none');
  }
  throw new Unreadable('limit', 'a GIF of too many blocks');
}

/** A colour table has 2 to 256 colours of three bytes, as the lowest bits of its flags say. */
function afterColours(window: ByteWindow, at: number, flags: number | undefined): number {
  if (flags === undefined || window.at(at, 1).length === 0) throw endsEarly();
  return (flags & 0x80) === 0 ? at : at + 3 * (1 << ((flags & 7) + 1));
}

function endOfSubBlocks(window: ByteWindow, from: number): number {
  let at = from;
  for (;;) {
    const [length] = window.at(at, 1);
    if (length === undefined) throw endsEarly();
    at += 1 + length;
    if (length === 0) return at;
  }
}

function commentBlock(source: RandomAccess, from: number, to: number): MetadataBlock {
  const text = () => ({ text: decodeUtf8OrLatin1(joined(source, from, to)), isCut: false });
  return { kind: 'text', place: 'gif', key: 'Comment', text };
}

function* applicationBlock(
  source: RandomAccess,
  window: ByteWindow,
  at: number,
  end: number,
): Generator<MetadataBlock> {
  const identifier = window.at(at + 3, 11).toString('latin1');
  const from = at + 14;
  if (identifier === 'XMP DataXMP') {
    yield { kind: 'xmp', bytes: () => source.read(from, end - from - MAGIC_TRAILER) };
  } else if (identifier.startsWith('C2PA_GIF')) {
    yield { kind: 'c2pa', bytes: () => joined(source, from, end) };
  }
}

/** The data of sub-blocks without their lengths. */
function joined(source: RandomAccess, from: number, to: number): Buffer {
  if (to - from > JOINED_BYTES) throw new Unreadable('limit', 'too much metadata in one GIF block');
  const bytes = source.read(from, to - from);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0)) {
    parts.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
  }
  return Buffer.concat(parts);
}

function endsEarly(): Unreadable {
  return new Unreadable('malformed', 'a GIF that ends before its trailer');
}
