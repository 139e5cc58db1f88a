import type { Cid } from '../core/cid.ts';
import type { Finding } from '../core/ports/inspector.ts';
import { encodeRecord } from '../core/statements/record.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Saying } from './append-all.ts';
import type { Archive } from './archive.ts';

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
  const raw = findings.flatMap(({ inspector, raw: texts }) =>
    texts.map((text) => ({ inspector, ...text })),
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
