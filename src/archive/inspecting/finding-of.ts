import type { Cid } from '../../core/cid.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';

/**
 * Returns the statement of what the inspectors saw in an asset. Free text out of the bytes goes into
 * a record, where it can be erased.
 */
export function findingSaying(
  asset: Cid,
  findings: readonly Finding[],
  at: string,
  { randomBytes, sha256 }: Pick<Archive, 'randomBytes' | 'sha256'>,
): Saying {
  const raw = fitting(
    findings.flatMap(({ inspector, raw: texts }) => texts.map((text) => ({ inspector, ...text }))),
  );
  const record =
    raw.length === 0 ? undefined : encodeRecord({ type: 'finding', raw }, randomBytes(16), sha256);
  return {
    statement: createStatement('finding', { asset }, at, {
      findings: findings.map(({ inspector, version, outcome, facts }) => ({
        inspector,
        version,
        outcome,
        facts,
      })),
      record: record?.cid ?? null,
    }),
    records: record === undefined ? [] : [record],
  };
}

const MOST_TEXTS = 256;
/** Bytes of text in one record, which is one block of 1 MiB with its names around the texts. */
const MOST_BYTES = 900_000;

/** Returns as many texts as fit into one record, shortest first: no long one crowds out the others. */
function fitting<T extends { readonly text: string }>(texts: readonly T[]): T[] {
  const bytes = texts.map(({ text }) => new TextEncoder().encode(text).length);
  const byLength = [...texts.keys()].sort((a, b) => (bytes[a] ?? 0) - (bytes[b] ?? 0));
  const kept = new Set<number>();
  let left = MOST_BYTES;
  for (const place of byLength) {
    left -= bytes[place] ?? 0;
    if (left < 0 || kept.size === MOST_TEXTS) break;
    kept.add(place);
  }
  return texts.filter((_, place) => kept.has(place));
}
