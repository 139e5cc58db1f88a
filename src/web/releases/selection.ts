import { LEVELS, type Level } from '../../core/policy/documents.ts';
import { isPurpose } from '../../core/policy/purposes.ts';
import { USUAL } from '../asset/question.ts';

/** What a release is made of, as it stands in the address of the page: every part is text. */
export const PARTS = [
  ...(['purpose', 'policy', 'for', 'text', 'media', 'licence', 'maker', 'collection'] as const),
  ...(['level', 'language', 'tags', 'fromYear', 'toYear', 'mostMegabytes'] as const),
  ...(['sample', 'seed', 'validation'] as const),
] as const;
export type Part = (typeof PARTS)[number];
export type Selection = Readonly<Partial<Record<Part, string>>>;

const MEGABYTE = 1_000_000;

/** Reads what an address selects; what it says otherwise is left aside. */
export function selectionIn(search: Readonly<Record<string, unknown>>): Selection {
  const said = PARTS.map((part) => [part, search[part]] as const);
  return Object.fromEntries(
    said
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([part, value]) => [part, String(value)]),
  );
}

/** Returns a selection as a node takes it, where its figures can be read. */
export function askedBy(selection: Selection) {
  const { purpose = '', policy = USUAL.policy, for: requester = USUAL.for } = selection;
  const { text, media, licence, maker, collection, language, level, tags } = selection;
  const from = numberIn(selection.fromYear);
  const to = numberIn(selection.toYear);
  const most = numberIn(selection.mostMegabytes);
  const sample = numberIn(selection.sample);
  const validation = numberIn(selection.validation);
  return {
    purpose: isPurpose(purpose) ? purpose : USUAL.purpose,
    ...{ policy, requester, seed: selection.seed ?? '' },
    filter: {
      ...given({ text, media, licence, maker, collection, language }),
      ...(isLevel(level) ? { level } : {}),
      ...(tags === undefined ? {} : { tags: tags.split(/;\s*/).filter((tag) => tag !== '') }),
      ...(from === undefined && to === undefined
        ? {}
        : { years: { from: from ?? -9999, to: to ?? 9999 } }),
      ...(most === undefined ? {} : { bytes: { least: 0, most: Math.round(most * MEGABYTE) } }),
    },
    ...(sample === undefined ? {} : { sample }),
    ...(validation === undefined ? {} : { validation: validation / 100 }),
  };
}

function given<Key extends string>(
  words: Readonly<Record<Key, string | undefined>>,
): Partial<Record<Key, string>> {
  return Object.fromEntries(
    Object.entries(words).filter(([, word]) => word !== undefined),
  ) as Partial<Record<Key, string>>;
}

function isLevel(text: string | undefined): text is Level {
  return LEVELS.some((level) => level === text);
}

function numberIn(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || !Number.isFinite(number) ? undefined : number;
}
