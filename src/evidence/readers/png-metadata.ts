import { type RandomAccess, Unreadable } from '../inspector.ts';
import { BytesAccess, toBuffer } from './bytes.ts';
import { inflate } from './inflate.ts';
import { type BoundedText, type MetadataBlock, TEXT_BYTES } from './metadata-block.ts';
import { type Chunk, pngChunks } from './png-chunks.ts';
import { decodeUtf8OrLatin1 } from './text-encoding.ts';

/** Unpacked text of one file; ten thousand small bombs are as bad as a large one. */
const UNPACKED_BYTES = 16 * 1024 * 1024;
const LONGEST_KEYWORD = 79;
const TEXTS: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'comf']);

/**
 * Yields what a PNG says about itself: text chunks (PNG 1.2, 4.2.3), `eXIf`, XMP and C2PA (`caBX`), and the
 * chunks `comf`, as `tEXt`, that ComfyUI writes into moving pictures.
 */
export function* pngMetadata(source: RandomAccess): Generator<MetadataBlock> {
  const budget = { left: UNPACKED_BYTES };
  for (const chunk of pngChunks(source)) {
    if (chunk.type === 'caBX') yield { kind: 'c2pa', bytes: () => whole(source, chunk) };
    else if (chunk.type === 'eXIf')
      yield { kind: 'exif', tiff: () => new BytesAccess(whole(source, chunk)) };
    else if (TEXTS.has(chunk.type)) yield* textBlocks(source, chunk, budget);
  }
}

interface Budget {
  left: number;
}

function* textBlocks(source: RandomAccess, chunk: Chunk, budget: Budget): Generator<MetadataBlock> {
  const start = toBuffer(source.read(chunk.offset, Math.min(chunk.length, LONGEST_KEYWORD + 1)));
  const end = start.indexOf(0);
  if (end <= 0) return;
  const key = start.toString('latin1', 0, end);
  const read = () => textOf(source, chunk, end + 1, budget);
  if (key === 'XML:com.adobe.xmp') {
    yield { kind: 'xmp', bytes: () => Buffer.from(read().text) };
  } else if (key === 'Raw profile type xmp') {
    yield { kind: 'xmp', bytes: () => rawProfile(read().text) };
  } else if (key === 'Raw profile type exif' || key === 'Raw profile type APP1') {
    yield { kind: 'exif', tiff: () => new BytesAccess(rawProfile(read().text)) };
  } else {
    yield { kind: 'text', place: `png:${chunk.type}`, key, text: read };
  }
}

function textOf(source: RandomAccess, chunk: Chunk, skip: number, budget: Budget): BoundedText {
  const length = chunk.length - skip;
  if (chunk.type === 'tEXt' || chunk.type === 'comf') {
    const bytes = source.read(chunk.offset + skip, Math.min(length, TEXT_BYTES));
    return { text: decodeUtf8OrLatin1(bytes), isCut: bytes.length < length };
  }
  const bytes = toBuffer(source.read(chunk.offset + skip, length));
  if (chunk.type === 'zTXt') return unpacked(bytes.subarray(1), budget);
  const isPacked = bytes[0] === 1;
  const language = bytes.indexOf(0, 2);
  const translated = language < 0 ? -1 : bytes.indexOf(0, language + 1);
  if (translated < 0) throw new Unreadable('malformed', 'an iTXt chunk without its fields');
  const text = bytes.subarray(translated + 1);
  if (isPacked) return unpacked(text, budget);
  return {
    text: decodeUtf8OrLatin1(text.subarray(0, TEXT_BYTES)),
    isCut: text.length > TEXT_BYTES,
  };
}

function unpacked(bytes: Uint8Array, budget: Budget): BoundedText {
  if (budget.left === 0) throw new Unreadable('limit', 'too much packed text in one file');
  const text = inflate(bytes, Math.min(TEXT_BYTES, budget.left));
  budget.left -= text.length;
  return { text: decodeUtf8OrLatin1(text), isCut: false };
}

function whole(source: RandomAccess, chunk: Chunk): Uint8Array {
  return source.read(chunk.offset, chunk.length);
}

/** ImageMagick's way: a name, the byte count, then hexadecimal; EXIF still has its JPEG prefix. */
function rawProfile(text: string): Uint8Array {
  const hex = text.replace(/^\s*\S+\s+\d+\s/, '').replace(/\s+/g, '');
  const bytes = Buffer.from(hex, 'hex');
  return bytes.toString('latin1', 0, 6) === 'Exif\0\0' ? bytes.subarray(6) : bytes;
}
