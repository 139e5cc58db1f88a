import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { CatalogueRow, FileOffer } from '../../core/ports/intake.ts';
import type { Block } from '../../core/statements/block.ts';
import { licenceText, sourceCode } from '../../core/statements/fields.ts';
import {
  commitName,
  type DepositRecord,
  encodeRecord,
  saltedId,
} from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';

/** The collection that a run deposits into, with what its salted ids are made from. */
export interface Collection {
  readonly id: string;
  readonly name: string;
}

/** What a deposit says about one offered file, apart from its bytes. */
export interface Described {
  readonly item: string;
  readonly work: string | null;
  readonly part: number | null;
  readonly licence: string | null;
  readonly source: string | null;
  readonly makers: readonly string[];
  readonly record: DepositRecord;
}

type Parts = Pick<Archive, 'ledger' | 'sha256'>;

/**
 * Returns the id that marks one place of a collection, the same on every run of this home. Salted ids
 * do not tell composed characters from combining ones, file names do: those are told by their bytes,
 * behind a slash, with which no place begins.
 */
export function itemId(place: string, collection: Collection, { ledger, sha256 }: Parts): string {
  const isPlain = place === place.normalize('NFC');
  const name = isPlain ? place : `/${toHex(new TextEncoder().encode(place))}`;
  return saltedId(name, ledger.salt('item', collection.id), sha256);
}

/**
 * Returns what is to be said of an offered file: codes and commitments for the statement, words for
 * the record. Without a row the file's name is its title and nothing is claimed.
 */
export function describe(
  file: FileOffer,
  row: CatalogueRow | undefined,
  collection: Collection,
  catalogue: string,
  parts: Parts,
): Described {
  const { ledger, sha256 } = parts;
  const place = row?.path ?? file.relative;
  const makers = (row?.makers ?? []).map((name) => ({ name, salt: ledger.salt('maker', name) }));
  const source = row?.source ?? '';
  return {
    item: itemId(place, collection, parts),
    work:
      row?.work == null
        ? null
        : saltedId(`work ${row.work}`, ledger.salt('item', collection.id), sha256),
    part: row?.part ?? null,
    licence: row === undefined ? null : licenceText.parse(row.licence),
    source: source === '' ? null : (sourceCode.safeParse(source).data ?? null),
    makers: makers.map(({ name, salt }) => commitName(name, salt, sha256)),
    record: {
      type: 'deposit',
      title: row?.title ?? titleOf(file.name),
      filename: place,
      makers,
      dateText: row?.dateText ?? '',
      earliest: row?.date?.earliest ?? '',
      latest: row?.date?.latest ?? '',
      source: [source, row?.sourceUrl ?? file.fetched?.address ?? '']
        .filter((text) => text !== '')
        .join(' '),
      notes: row?.note ?? '',
      tags: [...(row?.tags ?? [])],
      language: row?.language ?? '',
      catalogue: row === undefined ? '' : catalogue,
    },
  };
}

/** The words of a deposit whose words are erased, or not here. */
export const NO_WORDS: DepositRecord = {
  ...{ type: 'deposit', title: '', filename: '', makers: [], dateText: '', earliest: '' },
  ...{ latest: '', source: '', notes: '', tags: [], language: '', catalogue: '' },
};

/** Says whether two records describe the same, nonces and salts aside. */
export function isSameDescription(a: DepositRecord, b: DepositRecord): boolean {
  return wordsOf(a) === wordsOf(b);
}

export function recordBlock(
  record: DepositRecord,
  { randomBytes, sha256 }: Pick<Archive, 'randomBytes' | 'sha256'>,
): Block {
  return encodeRecord(record, randomBytes(16), sha256);
}

/** @throws {ArchiveError} `usage_invalid` if the words cannot name a collection. */
export function collectionOf(name: string, { ledger, sha256 }: Parts): Collection {
  const trimmed = name.normalize('NFC').trim();
  if (trimmed === '' || trimmed.length > 256) {
    throw new ArchiveError('usage_invalid', 'a collection needs a name of 1 to 256 characters');
  }
  return { id: saltedId(trimmed, ledger.salt('collection', trimmed), sha256), name: trimmed };
}

function wordsOf(record: DepositRecord): string {
  const { title, filename, dateText, earliest, latest, source, notes, tags, language } = record;
  const makers = record.makers.map((maker) => maker.name);
  return JSON.stringify([
    title,
    filename,
    makers,
    dateText,
    earliest,
    latest,
    source,
    notes,
    tags,
    language,
  ]);
}

function titleOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot > 0 ? filename.slice(0, dot) : filename;
}
