import type { FieldSource } from './mapping-schema.ts';

/** The cells of one record, by column number. */
type Cells = (column: number) => string;

/** Reads the values of one field out of a record. */
export interface FieldReader {
  /** The column, or columns, by the names they have in the file; for messages. */
  readonly label: string;
  /** Numbers of the columns it looks at. */
  readonly columns: readonly number[];
  /** Returns the values that are not empty. */
  readonly values: (cells: Cells) => string[];
}

/** Finds columns by name, whatever the letter case, spaces and punctuation: `Object Number`, `objectNumber`. */
export class Header {
  readonly names: readonly string[];
  readonly #numbers = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.names = names;
    for (const [number, name] of names.entries()) {
      const key = keyOf(name);
      if (key !== '' && !this.#numbers.has(key)) this.#numbers.set(key, number);
    }
  }

  find(name: string): number | undefined {
    return this.#numbers.get(keyOf(name));
  }
}

/** `isPath`: the spaces around a value belong to it. Undefined when the file has none of the columns. */
export function fieldReader(
  source: FieldSource,
  header: Header,
  isPath: boolean,
): FieldReader | undefined {
  const columns = columnsOf(source, header);
  const fixed = source.constant ?? source.default;
  if (columns.length === 0 && fixed === undefined) return undefined;
  const replaced = new Map(
    Object.entries(source.values ?? {}).map(([from, to]) => [replaceKey(from), to]),
  );
  const splits = source.split ?? [];
  const values = (cells: Cells): string[] => {
    const filled = columns.map((column) => cells(column)).filter((cell) => cell.trim() !== '');
    const text = source.join === undefined ? (filled[0] ?? '') : filled.join(source.with ?? ' ');
    const found = split(text, splits)
      .map((value) => (isPath && splits.length === 0 ? value : value.trim()))
      .map((value) => (source.refName === true ? nameInReference(value) : value))
      .map((value) => replaced.get(replaceKey(value)) ?? value)
      .map((value) => tidyPath(value, source))
      .filter((value) => value !== '');
    if (found.length === 0 && fixed !== undefined) found.push(fixed);
    return found.map((value) => (source.prefix ?? '') + value);
  };
  const label = columns
    .map((column) => header.names[column] ?? '')
    .join(source.join ? ' + ' : ' or ');
  return { label: label === '' ? 'the mapping' : label, columns, values };
}

function columnsOf(source: FieldSource, header: Header): number[] {
  const names = source.join ?? source.column ?? [];
  return names.map((name) => header.find(name)).filter((column) => column !== undefined);
}

function split(text: string, separators: readonly string[]): string[] {
  return separators.reduce<string[]>(
    (parts, separator) => parts.flatMap((part) => part.split(separator)),
    [text],
  );
}

/** A reference of CollectionSpace ends with the display name of what it refers to, in quotes. */
function nameInReference(value: string): string {
  return /^urn:[^']*'(.+)'$/su.exec(value)?.[1]?.trim() ?? value;
}

function tidyPath(value: string, source: FieldSource): string {
  const prefix = source.strip?.find((start) => value.startsWith(start)) ?? '';
  const rest = value.slice(prefix.length);
  return source.separator === undefined ? rest : rest.replaceAll(source.separator, '/');
}

function replaceKey(value: string): string {
  return value.trim().toLowerCase();
}

/** A language after a name (`dc.title[en_US]`) is not part of it. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/\[[^\]]*\]$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
