import { constants, inflateSync } from 'node:zlib';
import { type RandomAccess, Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';
import { embeddedMetadata, searchedRanges } from './embedded-metadata.ts';
import { type MetadataBlock, TEXT_BYTES } from './metadata-block.ts';
import { pdfInformation } from './pdf-information.ts';

const STEP_BYTES = 4 * 1024 * 1024;
const LONGEST_DICTIONARY = 1_024;
const PACKED_BYTES = 4 * 1024 * 1024;
/** Unpacked, of one file. */
const UNPACKED_BYTES = 32 * 1024 * 1024;
const MOST_STREAMS = 20_000;
const PACKED = /\/(?:FlateDecode|Fl)\b/;
const OF_INTEREST = /\/(Metadata|EmbeddedFile|ObjStm)\b/;

/**
 * Yields the metadata of a PDF (ISO 32000-2, 7.5 and 14.3): XMP packets and C2PA stores that stand as
 * they are or in packed streams, and the document information dictionary, also in object streams.
 * Streams are found by their dictionaries, not by the cross-reference table, which may lie.
 */
export function* pdfMetadata(source: RandomAccess): Generator<MetadataBlock> {
  yield* embeddedMetadata(source);
  const budget = { unpacked: UNPACKED_BYTES, streams: MOST_STREAMS };
  for (const { from, to } of searchedRanges(source.size)) {
    for (let at = from; at < to; at += STEP_BYTES) {
      const start = Math.max(from, at - LONGEST_DICTIONARY);
      const bytes = toBuffer(source.read(start, Math.min(to, at + STEP_BYTES) - start));
      yield* pdfInformation(bytes.toString('latin1'));
      yield* packedStreams(source, bytes, start, budget);
    }
  }
}

function* packedStreams(
  source: RandomAccess,
  bytes: Buffer,
  start: number,
  budget: { unpacked: number; streams: number },
): Generator<MetadataBlock> {
  for (let at = bytes.indexOf('stream'); at >= 0; at = bytes.indexOf('stream', at + 6)) {
    const before = bytes.toString('latin1', Math.max(0, at - LONGEST_DICTIONARY), at);
    const dictionary = before.slice(Math.max(0, before.lastIndexOf(' obj')));
    const kind = OF_INTEREST.exec(dictionary)?.[1];
    if (kind === undefined || !PACKED.test(dictionary)) continue;
    budget.streams -= 1;
    if (budget.streams < 0) throw new Unreadable('limit', 'a PDF of too many packed streams');
    const lineEnd = bytes[at + 6] === 0x0d ? 8 : 7;
    const data = unpacked(source.read(start + at + lineEnd, PACKED_BYTES), budget);
    if (kind === 'ObjStm') yield* pdfInformation(data.toString('latin1'));
    else if (data.toString('latin1', 4, 8) === 'jumb') yield { kind: 'c2pa', bytes: () => data };
    else if (kind === 'Metadata') yield { kind: 'xmp', bytes: () => data };
  }
}

/** The stream's length is not believed: unpacking ends by itself. What is no stream gives nothing. */
function unpacked(bytes: Uint8Array, budget: { unpacked: number }): Buffer {
  if (budget.unpacked <= 0) throw new Unreadable('limit', 'too much packed metadata in one PDF');
  const most = Math.min(TEXT_BYTES, budget.unpacked);
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most };
    const data = inflateSync(bytes, options);
    budget.unpacked -= data.length;
    return data;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new Unreadable('limit', 'a PDF stream above 4 MiB');
    return Buffer.alloc(0);
  }
}
