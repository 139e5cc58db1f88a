import { z } from 'zod';
import { type ByteSource, Unreadable } from '../inspector.ts';
import type { Field, FieldText } from '../metadata/gathered-fields.ts';
import type { Stretch } from '../nameless-file.ts';
import { askExifTool } from './ask-exiftool.ts';

/** What ExifTool says of an asset. */
export interface DeepFields {
  readonly fields: readonly FieldText[];
  readonly sourceTypes: readonly string[];
  /** Whose maker notes there are, as a code; null where there are none that it can read. */
  readonly makerNotes: string | null;
  /** Why not everything could be read; undefined where nothing was amiss. */
  readonly complaint: string | undefined;
}

/** Tags by the names that ExifTool gives them in all formats; `#` asks for the value as it is stored. */
const TAGS: Readonly<Record<string, Field>> = {
  DateTimeOriginal: 'captured',
  DateCreated: 'captured',
  CreateDate: 'created',
  CreationDate: 'created',
  ContentCreateDate: 'created',
  DigitalCreationDate: 'created',
  ModifyDate: 'modified',
  GPSDateStamp: 'gps',
  Make: 'make',
  Model: 'model',
  LensModel: 'lens',
  Software: 'software',
  CreatorTool: 'software',
  Producer: 'software',
  OriginatingProgram: 'software',
  ProcessingSoftware: 'software',
  WritingApp: 'software',
  WriterName: 'software',
  'PDF:Creator': 'software',
  AISystemUsed: 'ai',
  AISystemVersionUsed: 'ai',
  AIPromptInformation: 'ai',
  AIPromptWriterName: 'ai',
  'DataMining#': 'mining',
};
const FIELDS = new Map(
  Object.entries(TAGS).map(([tag, field]) => [tag.replace(/^.*:|#$/g, ''), field] as const),
);
/** One JSON document with groups; no trailers, which take a second look at everything. */
const ARGUMENTS = [
  '-j',
  '-G0:1',
  '-a',
  '-fast',
  ...Object.keys(TAGS).map((tag) => `-${tag}`),
  '-DigitalSourceType#',
  '-MakerNotes:all',
  '-Error',
  '-Warning',
];
const LONGEST = 4_096;
const MOST_FIELDS = 1_000;

const answer = z.tuple([z.record(z.string(), z.unknown())]);

/**
 * Returns what ExifTool says of an asset, or of these stretches of it.
 *
 * @throws {Unreadable} see `askExifTool`.
 */
export async function exifToolFields(
  source: ByteSource,
  stretches?: readonly Stretch[],
): Promise<DeepFields> {
  const fields: FieldText[] = [];
  const sourceTypes: string[] = [];
  let makerNotes: string | null = null;
  let complaint: string | undefined;
  for (const [key, value] of Object.entries(
    parsed(await askExifTool(source, stretches, ARGUMENTS)),
  )) {
    const [group = '', ...rest] = key.split(':');
    const tag = rest.at(-1) ?? '';
    const field = FIELDS.get(tag);
    const texts = (Array.isArray(value) ? value : [value]).map((one) =>
      String(one).slice(0, LONGEST),
    );
    if (group === 'ExifTool') complaint ??= isMinor(texts[0]) ? undefined : texts[0];
    else if (group === 'MakerNotes') makerNotes ??= codeOf(rest[0] ?? '');
    else if (tag === 'DigitalSourceType') sourceTypes.push(...texts);
    else if (field !== undefined && fields.length < MOST_FIELDS) {
      fields.push(...texts.map((text) => ({ field, where: key, text: text.trim() })));
    }
  }
  return { fields, sourceTypes, makerNotes, complaint };
}

function parsed(printed: string): Readonly<Record<string, unknown>> {
  try {
    return answer.parse(JSON.parse(printed))[0];
  } catch (cause) {
    throw new Unreadable('malformed', 'ExifTool makes nothing of the file', { cause });
  }
}

function isMinor(text: string | undefined): boolean {
  return text === undefined || /^\[minor\]/i.test(text);
}

function codeOf(group: string): string {
  return group.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
