import {
  CouldNotDetermineFileTypeError,
  type IAudioMetadata,
  parseFromTokenizer,
  UnsupportedFileTypeError,
} from 'music-metadata';
import { SourceTokenizer } from '../formats/source-tokenizer.ts';
import { type ByteSource, Unreadable } from '../inspector.ts';
import type { Container } from './container.ts';
import { type MetadataBlock, TEXT_BYTES } from './metadata-block.ts';
import { mp4Keys } from './mp4-keys.ts';
import { quickTimeTexts } from './quicktime-texts.ts';

const MOST_TEXTS = 2_000;
const OF_MEDIA: ReadonlySet<Container> = new Set(['media', 'bmff']);
const PICTURES = /^(?:avif|avis|heic|heix|hevc|heim|heis|mif1|msf1|jxl |crx )$/;

/** What a file is asked for by several inspectors is read once; it goes with the file. */
const readings = new WeakMap<ByteSource, Promise<readonly MetadataBlock[]>>();

/**
 * Returns the named texts of sound and film: ID3, Vorbis comments, APE, RIFF, MP4 and Matroska tags.
 * Key names are those of the format, without what ID3 puts before them (`TXXX:prompt` is `prompt`).
 *
 * @throws {Unreadable} `malformed` if the container cannot be followed.
 */
export function mediaTexts(
  source: ByteSource,
  container: Container,
): Promise<readonly MetadataBlock[]> {
  if (!OF_MEDIA.has(container) || isPicture(source.head)) return Promise.resolve([]);
  const known = readings.get(source);
  if (known !== undefined) return known;
  const reading = readTexts(source, container);
  readings.set(source, reading);
  return reading;
}

function isPicture(head: Uint8Array): boolean {
  const brand = Buffer.from(head.subarray(8, 12)).toString('latin1');
  return PICTURES.test(brand) || Buffer.from(head.subarray(4, 8)).toString('latin1') === 'JXL ';
}

async function readTexts(
  source: ByteSource,
  container: Container,
): Promise<readonly MetadataBlock[]> {
  try {
    const tokenizer = new SourceTokenizer(source);
    const read = await parseFromTokenizer(tokenizer, { duration: false, skipCovers: true });
    const keys = read.native['iTunes'] === undefined ? [] : mp4Keys(source);
    const ofFilm = container === 'bmff' ? quickTimeTexts(source) : [];
    return [
      ...texts(read, keys),
      ...ofFilm.map(({ key, text }) => textBlock('quicktime', key, text)),
    ];
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    const isOther =
      cause instanceof UnsupportedFileTypeError || cause instanceof CouldNotDetermineFileTypeError;
    if (isOther) return [];
    throw new Unreadable('malformed', 'sound or film whose container cannot be followed', {
      cause,
    });
  }
}

function* texts(
  { native, format }: IAudioMetadata,
  keys: readonly string[],
): Generator<MetadataBlock> {
  let count = 0;
  for (const [tagType, tags] of Object.entries(native)) {
    for (const { id, value } of tags) {
      const text = textOf(value);
      if (text === undefined) continue;
      count += 1;
      if (count > MOST_TEXTS) throw new Unreadable('limit', 'a file of too many tags');
      yield textBlock(PLACES[tagType] ?? 'media', keyOf(tagType, id, keys), text);
    }
  }
  const { creationTime, modificationTime } = format;
  if (creationTime !== undefined) yield dateBlock('creation_time', creationTime);
  if (modificationTime !== undefined) yield dateBlock('modification_time', modificationTime);
}

/** Kinds of tags as codes. */
const PLACES: Readonly<Record<string, string>> = {
  ID3v1: 'id3',
  'ID3v2.2': 'id3',
  'ID3v2.3': 'id3',
  'ID3v2.4': 'id3',
  vorbis: 'vorbis',
  APEv2: 'ape',
  exif: 'riff',
  iTunes: 'mp4',
  matroska: 'matroska',
};

/** `TXXX:prompt` and `----:com.apple.iTunes:prompt` are `prompt`; numbers of MP4 are looked up. */
function keyOf(tagType: string, id: string, keys: readonly string[]): string {
  if (tagType === 'vorbis') return id.toLowerCase();
  const number = id.length === 4 ? Buffer.from(id, 'latin1').readUInt32BE() : 0;
  return keys[number - 1] ?? id.replace(/^[A-Z]{4}:|^-{4}:[^:]*:/, '');
}

/** Comments of ID3 are objects with a text, some numbers are numbers. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const isObject = typeof value === 'object' && value !== null && 'text' in value;
  return isObject && typeof value.text === 'string' ? value.text : undefined;
}

function textBlock(place: string, key: string, text: string): MetadataBlock {
  const cut = { text: text.slice(0, TEXT_BYTES), isCut: text.length > TEXT_BYTES };
  return { kind: 'text', place, key, text: () => cut };
}

/** Times of 0 mean that nobody set them: QuickTime counts from 1904, Matroska from 2001. */
function dateBlock(key: string, date: Date): MetadataBlock {
  const time = date.getTime();
  const isSet = Number.isFinite(time) && time > Date.UTC(1905, 0, 1);
  return textBlock('media', key, isSet ? date.toISOString() : '');
}
