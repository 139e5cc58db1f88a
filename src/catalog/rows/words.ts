import type { DepositRecord } from '../../core/statements/record.ts';

/** The columns of the full-text index, in its order. */
export type Words = readonly [
  title: string,
  makers: string,
  filename: string,
  tags: string,
  notes: string,
];

/** Returns the words by which an asset is found: those of all its deposits that are not erased. */
export function wordsOf(records: readonly (DepositRecord | undefined)[]): Words {
  const kept = records.filter((record) => record !== undefined);
  const join = (text: (record: DepositRecord) => string) => kept.map(text).join('\n');
  return [
    join((record) => record.title),
    join((record) => record.makers.map((maker) => maker.name).join('\n')),
    join((record) => record.filename),
    join((record) => record.tags.join('\n')),
    join((record) => record.notes),
  ];
}

/** Returns the form in which makers' names are compared: letter case and spacing do not matter. */
export function makerKey(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** Anything of these Unicode categories is part of a word, as in SQLite's unicode61 tokenizer. */
const WORD_PART = /[\p{L}\p{N}\p{Co}]/u;

/**
 * Returns the FTS5 query that asks for every word of what a person typed, undefined if there is no
 * word in it. A word that ends in `*` stands for every word that begins so.
 *
 * Each word is quoted, so nothing that is typed is taken for the query language
 * (https://www.sqlite.org/fts5.html#fts5_strings).
 */
export function toQuery(text: string): string | undefined {
  const phrases = new Set<string>();
  // SQLite would end the query at a NUL.
  for (const word of text.replaceAll('\0', ' ').split(/\s+/u)) {
    if (!WORD_PART.test(word)) continue;
    const isPrefix = word.endsWith('*');
    const letters = word.replaceAll('"', ' ').replaceAll('*', ' ').trim();
    phrases.add(isPrefix ? `"${letters}"*` : `"${letters}"`);
  }
  return phrases.size === 0 ? undefined : [...phrases].join(' ');
}
