import { openArchive } from '../../src/compose/open-archive.ts';
import type { RecordData } from '../../src/core/statements/record.ts';

/**
 * Returns what an archive says, in a form in which two archives that took in the same things are
 * equal: without entry hashes, statement ids, nonces, salts, keys, times and their digests.
 */
export async function summariseArchive(home: string): Promise<{
  readonly assets: readonly string[];
  readonly statements: readonly string[];
  readonly verdicts: readonly string[];
}> {
  await using archive = await openArchive(home);
  const { ledger, catalog } = archive;
  const statements: string[] = [];
  for await (const { standing, unknown, void: nothing } of ledger.arrivals(0)) {
    if (unknown.length + nothing.length > 0) throw new Error('a statement does not stand');
    for (const { statement } of standing) {
      if (statement.kind === 'checkpoint') continue;
      statements.push(
        JSON.stringify([
          statement.kind,
          statement.about,
          plain(statement.body, (cid) => ledger.record(cid)),
        ]),
      );
    }
  }
  const verdicts: string[] = [];
  const assets: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = catalog.list({}, { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { cid, status } of page.assets) {
      assets.push(cid);
      verdicts.push(
        `${cid} ${status} ${JSON.stringify(plain(catalog.abstraction(cid)?.input, () => undefined))}`,
      );
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return { assets: assets.sort(), statements: statements.sort(), verdicts: verdicts.sort() };
}

/** Keys whose values differ between two archives that say the same. */
const OWN = new Set([
  'item',
  'work',
  'collection',
  'makers',
  'institution',
  'accession',
  'replaces',
]);
const OWN_OF_STATEMENTS = new Set(['deposit', 'policy', 'release', 'state', 'at', 'manifest']);

function plain(value: unknown, record: (cid: never) => RecordData | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, record));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OWN.has(key) && !OWN_OF_STATEMENTS.has(key))
      .map(([key, item]) => {
        if (key !== 'record' || typeof item !== 'string') return [key, plain(item, record)];
        // A record's CID hides a nonce; what it says is compared instead.
        return [key, withoutSalts(record(item as never))];
      }),
  );
}

function withoutSalts(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (key === 'salt' ? undefined : item)) ?? 'null',
  );
}
