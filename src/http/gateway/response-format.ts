import type { Request } from 'express';
import { ArchiveError } from '../../core/errors.ts';

/** What a request wants: a file or folder as browsers do (`web`), or one of the formats of IPLD. */
export type Format = 'web' | 'raw' | 'car' | 'json' | 'cbor' | 'dag-json' | 'dag-cbor';

export interface WantedFormat {
  readonly format: Format;
  /** Parameters beside the type in `Accept`, such as `order` and `dups` of a CAR. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The media type of each format. */
export const MEDIA_TYPE: Readonly<Record<Exclude<Format, 'web'>, string>> = {
  raw: 'application/vnd.ipld.raw',
  car: 'application/vnd.ipld.car',
  json: 'application/json',
  cbor: 'application/cbor',
  'dag-json': 'application/vnd.ipld.dag-json',
  'dag-cbor': 'application/vnd.ipld.dag-cbor',
};

// Keys and values of the table.
const FORMAT_OF = new Map(
  Object.entries(MEDIA_TYPE).map(([format, type]) => [type, format]),
) as ReadonlyMap<string, keyof typeof MEDIA_TYPE>;

/** Formats of the specification that are not made here. */
const NOT_MADE = ['tar', 'ipns-record'];

const NOT_MADE_TYPES = ['application/x-tar', 'application/vnd.ipfs.ipns-record'];

/**
 * Returns what a request wants. `format` goes before `Accept` (IPIP-0523), whose first type that is one
 * of ours counts.
 *
 * @throws {ArchiveError} `format_unavailable`, `input_invalid` for a `format` that nobody knows.
 */
export function wantedFormat({ query, headers }: Request): WantedFormat {
  const accepted = acceptedFormat(headers.accept ?? '');
  const named = query['format'];
  if (named === undefined || named === '') {
    return accepted ?? { format: 'web', parameters: new Map() };
  }
  if (typeof named === 'string' && Object.hasOwn(MEDIA_TYPE, named)) {
    // Only names of the table are among its keys.
    const format = named as keyof typeof MEDIA_TYPE;
    return accepted?.format === format ? accepted : { format, parameters: new Map() };
  }
  if (NOT_MADE.includes(String(named))) throw notMade(String(named));
  throw new ArchiveError('input_invalid', `format is one of ${Object.keys(MEDIA_TYPE).join(', ')}`);
}

function acceptedFormat(accept: string): WantedFormat | undefined {
  for (const part of accept.split(',')) {
    const [type = '', ...words] = part.split(';').map((word) => word.trim());
    const wanted = type.toLowerCase();
    if (NOT_MADE_TYPES.includes(wanted)) throw notMade(wanted);
    const format = FORMAT_OF.get(wanted);
    if (format === undefined) continue;
    const parameters = words.map((word): [string, string] => {
      const [name = '', value = ''] = word.split('=').map((side) => side.trim());
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
    });
    return { format, parameters: new Map(parameters) };
  }
  return undefined;
}

function notMade(what: string): ArchiveError {
  return new ArchiveError('format_unavailable', `${what} is not made here; ask for a CAR`);
}
