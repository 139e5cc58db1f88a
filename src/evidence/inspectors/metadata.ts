import { isComfyGraph } from '../generators/comfy-graph.ts';
import { labelledTexts } from '../generators/labelled-text.ts';
import { generatorNamed } from '../generators/tool-names.ts';
import { type ByteSource, type Inspection, type Inspector, NOT_APPLICABLE } from '../inspector.ts';
import { normalDate } from '../metadata/date-text.ts';
import { type Field, type FieldText, fieldsIn } from '../metadata/gathered-fields.ts';
import { deviceMaker, modelCode, programCode } from '../metadata/known-makers.ts';
import { RawTexts } from '../raw-texts.ts';
import { containerOf } from '../readers/container.ts';
import { mediaTexts } from '../readers/media-texts.ts';
import { metadataOf } from '../readers/metadata.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * When a file says it was made, by what device and with what program (EXIF, XMP, IPTC, PDF information,
 * tags of sound and film), and where these contradict each other.
 *
 * All of it can be written by anybody. Whether a date lies in the future is not said here, since that
 * would change with the day: verdicts hold it against the deposit.
 */
export const metadata: Inspector = { name: 'metadata', version: 1, readsAll: false, inspect };

const MOST_FIELDS = 10_000;
const HOURS = 60 * 60 * 1000;
/** Two clocks in different time zones, each set right, are at most this far apart. */
const ZONES_APART = 26 * HOURS;
const DAY = 24 * HOURS;

async function inspect(source: ByteSource): Promise<Inspection> {
  const container = containerOf(source);
  if (container === 'other' || container === 'xml') {
    if (container === 'other' || !source.filename.toLowerCase().endsWith('.xmp')) {
      return NOT_APPLICABLE;
    }
  }
  const fields: FieldText[] = [];
  const shortfalls = new Shortfalls();
  const addFrom = (blocks: Iterable<MetadataBlock>) => {
    for (const block of blocks) {
      shortfalls.attempt(() => {
        for (const field of fieldsIn(block)) if (fields.length < MOST_FIELDS) fields.push(field);
      });
    }
  };
  shortfalls.attempt(() => addFrom(metadataOf(source, container)));
  await shortfalls.attemptAsync(async () => addFrom(await mediaTexts(source, container)));
  const said = fields.filter(({ text }) => text !== '');
  if (said.length === 0) shortfalls.throwIfAny();
  return toInspection(said);
}

function toInspection(fields: readonly FieldText[]): Inspection {
  const textsOf = (wanted: Field) =>
    fields.filter(({ field }) => field === wanted).map(({ text }) => text);
  const datesOf = (wanted: Field) =>
    textsOf(wanted)
      .flatMap((text) => normalDate(text) ?? [])
      .sort();
  const make = textsOf('make').flatMap((text) => deviceMaker(text) ?? [])[0];
  const model = textsOf('model').flatMap((text) => modelCode(text) ?? [])[0] ?? null;
  const lens = textsOf('lens').flatMap((text) => modelCode(text) ?? [])[0] ?? null;
  const dates = {
    captured: datesOf('captured')[0] ?? null,
    created: datesOf('created')[0] ?? null,
    modified: datesOf('modified').at(-1) ?? null,
  };
  const software = new Set(textsOf('software').flatMap((text) => programCode(text) ?? []));
  const mining = textsOf('mining').flatMap((text) => /DMI-[A-Z-]{1,64}/.exec(text)?.[0] ?? []);
  const raw = new RawTexts();
  for (const { where, text } of fields) raw.add(where, text);
  return {
    outcome: fields.length === 0 ? 'none' : 'found',
    facts: {
      ...dates,
      device: make === undefined ? null : { make, model, lens },
      software: [...software].sort().slice(0, 32),
      dataMining: mining[0] ?? null,
      aiFields: [...new Set(fields.filter(({ field }) => field === 'ai').map(nameOf))].sort(),
      contradictions: [...contradictionsIn(textsOf, datesOf)],
    },
    raw: raw.all,
  };
}

function nameOf({ where }: FieldText): string {
  return where.slice(where.indexOf(':') + 1);
}

function* contradictionsIn(
  textsOf: (field: Field) => readonly string[],
  datesOf: (field: Field) => readonly string[],
): Generator<string> {
  const time = (date: string | undefined) => (date === undefined ? Number.NaN : Date.parse(date));
  const captured = time(datesOf('captured')[0]);
  const modified = time(datesOf('modified').at(-1));
  const gps = time(datesOf('gps')[0]);
  // A comparison with a date that is missing is false.
  if (modified + DAY < captured) yield 'modified-before-captured';
  if (time(datesOf('created')[0]) - DAY > modified + DAY) yield 'modified-before-created';
  if (Math.abs(gps - captured) > ZONES_APART + DAY) yield 'gps-time-disagrees';
  const isGraph = (text: string) => labelledTexts('exif', 'Make', text, false).some(isComfyGraph);
  if ([...textsOf('make'), ...textsOf('model')].some(isGraph)) yield 'make-is-a-workflow';
  if (
    textsOf('software').some((text) => generatorNamed(text) !== undefined || text === 'NovelAI')
  ) {
    yield 'software-is-a-generator';
  }
  if (textsOf('ai').length > 0) yield 'states-an-ai-system';
}
