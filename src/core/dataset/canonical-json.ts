import { ArchiveError } from '../errors.ts';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Returns the one text of a JSON value: keys sorted by UTF-16 code unit, no white space, numbers and
 * strings as ECMAScript writes them (RFC 8785).
 *
 * @throws {ArchiveError} `input_invalid` for a number that JSON cannot hold.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ArchiveError('input_invalid', `${value} is not a JSON number`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // Written by hand: an object of JavaScript puts keys that look like numbers first.
  const fields = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** Returns a JSON value as a file: its canonical text and a newline. */
export function encodeJsonFile(value: Json): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(value)}\n`);
}

/** Returns what a file of JSON holds. @throws {ArchiveError} `release_invalid` naming the file. */
export function parseJsonFile(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ArchiveError('release_invalid', `${name} cannot be used: it is not JSON`, { cause });
  }
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
