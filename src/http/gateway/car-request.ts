import type { Request } from 'express';
import type { Span } from '../../core/dag/walk-dag.ts';
import { ArchiveError } from '../../core/errors.ts';

/** What of a DAG a request for a CAR wants, and in which form. */
export interface CarRequest {
  readonly scope: 'all' | 'entity' | 'block';
  /** Bytes of a file, both ends among them; negative ones count from its end, null is its end. */
  readonly bytes: { readonly from: number; readonly to: number | null } | undefined;
  readonly order: 'dfs' | 'unk';
  readonly dups: boolean;
}

const BYTES = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/;

/**
 * Reads `dag-scope`, `entity-bytes` and the parameters of the media type, which `car-version`,
 * `car-order` and `car-dups` go before (trustless gateway specification). Without `dups` no block comes
 * twice.
 *
 * @throws {ArchiveError} `input_invalid` naming the parameter.
 */
export function parseCarRequest(
  { query }: Request,
  parameters: ReadonlyMap<string, string>,
): CarRequest {
  const of = (name: string) => query[`car-${name}`] ?? parameters.get(name);
  oneOf('version', of('version') ?? '1', ['1']);
  const order = oneOf('order', of('order') ?? 'dfs', ['dfs', 'unk']);
  const dups = oneOf('dups', of('dups') ?? 'n', ['y', 'n']) === 'y';
  const bytes = parseBytes(query['entity-bytes']);
  const scope = oneOf('dag-scope', query['dag-scope'] ?? (bytes ? 'entity' : 'all'), SCOPES);
  return { scope, bytes: scope === 'entity' ? bytes : undefined, order, dups };
}

const SCOPES = ['all', 'entity', 'block'] as const;

/**
 * Returns the bytes that are wanted of a file of `size` bytes; undefined where they are none, and then
 * the root of the file shows why.
 *
 * @throws {ArchiveError} `input_invalid` for what lies outside the file as a whole.
 */
export function spanOf(
  { from, to }: NonNullable<CarRequest['bytes']>,
  size: number,
): Span | undefined {
  const first = from < 0 ? Math.max(0, size + from) : from;
  const last = Math.min(size - 1, to === null ? size - 1 : to < 0 ? size + to : to);
  if (size > 0 && (first >= size || (to !== null && to < 0 && size + to < 0))) {
    throw new ArchiveError(
      'input_invalid',
      `entity-bytes lies outside the ${size} bytes of the file`,
    );
  }
  return first <= last ? { from: first, to: last } : undefined;
}

function parseBytes(text: unknown): CarRequest['bytes'] {
  if (text === undefined) return undefined;
  const [, from = '', to = ''] = BYTES.exec(String(text)) ?? [];
  if (from === '') {
    throw new ArchiveError(
      'input_invalid',
      'entity-bytes is FROM:TO, where TO may be *, such as 0:1023',
    );
  }
  return { from: Number(from), to: to === '*' ? null : Number(to) };
}

function oneOf<T extends string>(name: string, value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ArchiveError('input_invalid', `${name} is one of ${known.join(', ')}`);
}
