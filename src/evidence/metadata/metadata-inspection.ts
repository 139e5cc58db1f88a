import { isComfyGraph } from '../generators/comfy-graph.ts';
import { labelledTexts } from '../generators/labelled-text.ts';
import { generatorNamed } from '../generators/tool-names.ts';
import type { Inspection } from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { normalDate } from './date-text.ts';
import type { Field, FieldText } from './gathered-fields.ts';
import { deviceMaker, modelCode, programCode } from './known-makers.ts';

const HOURS = 60 * 60 * 1000;
/** Two clocks in different time zones, each set right, are at most this far apart. */
const ZONES_APART = 26 * HOURS;
const DAY = 24 * HOURS;

/** Returns what fields come to: dates, device and programs as codes, contradictions, and the texts beside them. */
export function metadataInspection(fields: readonly FieldText[]): Inspection {
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
