import type { Request } from 'express';
import { ArchiveError } from '../../core/errors.ts';

/** What a request wants: a file or folder as browsers do (`web`), or one of the formats of IPLD. */
export type Format = 'web' | 'raw' | 'car' | 'json' | 'cbor' | 'dag-json' | 'dag-cbor';

export interface WantedFormat {
  readonly format: Format;
  /** Parameters beside the type in `Accept`, such as `order` and `dups` of a CAR. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether the address names the format, so that `Accept` does not choose it. */
  readonly isNamed: boolean;
}

type Accepted = Omit<WantedFormat, 'isNamed'>;

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
 * Returns what a request wants. `format` goes before `Accept` (IPIP-0523), of whose types that are ours the
 * one of the greatest weight counts (RFC 9110 §12.5.1), and the first of several.
 *
 * @throws {ArchiveError} `format_unavailable`, `input_invalid` for a `format` that nobody knows.
 */
export function wantedFormat({ query, headers }: Request): WantedFormat {
  const named = query['format'];
  const accept = headers.accept ?? '';
  if (named === undefined || named === '') return { ...acceptedFormat(accept), isNamed: false };
  if (typeof named === 'string' && Object.hasOwn(MEDIA_TYPE, named)) {
    // Only names of the table are among its keys.
    const format = named as keyof typeof MEDIA_TYPE;
    const same = typesIn(accept).find(({ type }) => type === MEDIA_TYPE[format]);
    return { format, parameters: same?.parameters ?? new Map(), isNamed: true };
  }
  if (NOT_MADE.includes(String(named))) throw notMade(String(named));
  throw new ArchiveError('input_invalid', `format is one of ${Object.keys(MEDIA_TYPE).join(', ')}`);
}

function acceptedFormat(accept: string): Accepted {
  const types = typesIn(accept);
  for (const { type, parameters } of types) {
    const format = FORMAT_OF.get(type);
    if (format !== undefined) return { format, parameters };
  }
  const other = types.find(({ type }) => NOT_MADE_TYPES.includes(type));
  if (other !== undefined) throw notMade(other.type);
  return { format: 'web', parameters: new Map() };
}

interface AcceptedType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Returns the types that are wanted, the most wanted first; those of weight 0 are not. */
function typesIn(accept: string): readonly AcceptedType[] {
  const types = accept.split(',').map((part) => {
    const [type = '', ...words] = part.split(';').map((word) => word.trim());
    const parameters = new Map(words.map(parameterOf));
    const weight = Number(parameters.get('q') ?? 1);
    return { type: type.toLowerCase(), parameters, weight: Number.isNaN(weight) ? 1 : weight };
  });
  return types.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight);
}

function parameterOf(word: string): [name: string, value: string] {
  const [name = '', value = ''] = word.split('=').map((side) => side.trim());
  return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
}

function notMade(what: string): ArchiveError {
  return new ArchiveError('format_unavailable', `${what} is not made here; ask for a CAR`);
}
