import { createHash } from 'node:crypto';
import { ArchiveError } from '../../core/errors.ts';
import type { AssetFilter, Gathering } from '../../core/ports/asset-lists.ts';

/** Returns the opaque text from which a listing by the same filter goes on after this asset. */
export function toCursor(filter: AssetFilter, after: number, by?: Gathering['by']): string {
  return Buffer.from(`${after}.${digestOf(filter, by)}`).toString('base64url');
}

/**
 * Returns the asset after which the listing goes on.
 *
 * @throws {ArchiveError} `usage_invalid` if the text is no cursor, or one of another filter.
 */
export function readCursor(filter: AssetFilter, cursor: string, by?: Gathering['by']): number {
  const text = cursor.length > 64 ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
  const read = /^(\d{1,15})\.([0-9a-f]{16})$/.exec(text);
  const after = Number(read?.[1]);
  if (read !== null && toCursor(filter, after, by) === cursor) return after;
  throw new ArchiveError(
    'usage_invalid',
    read === null
      ? 'the cursor is none that a listing gave out; start without one'
      : 'the cursor belongs to a listing with other filters; use the same ones, or start without it',
  );
}

/** The time of the question is left out: a listing goes on while the clock does. */
function digestOf(filter: AssetFilter, by: Gathering['by']): string {
  const { text, collection, media, licence, maker, signer, status, work, year, verdict } = filter;
  const asked =
    verdict === undefined
      ? null
      : [
          ...[verdict.is, verdict.purpose, verdict.policy, verdict.requester],
          ...[verdict.level, verdict.gate],
        ];
  const canonical = JSON.stringify([
    text,
    collection,
    media,
    licence,
    maker,
    signer,
    status,
    year,
    asked,
    ...(by === undefined && work === undefined ? [] : [by, work]),
  ]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
