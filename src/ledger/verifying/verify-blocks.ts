import { setImmediate } from 'node:timers/promises';
import { type Cid, cidFromBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import { decodeInstitutions, decodePolicy } from '../../core/policy/documents.ts';
import type { LedgerProblem } from '../../core/ports/ledger.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { countSetMembers } from '../reading/read-set.ts';
import { isSealed } from '../reading/salts.ts';
import { isBlock, verifiedBlock } from '../reading/verified-block.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import { SEGMENT } from '../tables/record-places.ts';
import { sealedProblems } from '../tables/sqlite-feeds.ts';

/** Rows read in one go: blocks have up to 1 MiB. */
const BLOCKS = 16;
const ROWS = 256;

interface Row {
  readonly id: number;
  readonly cid: Uint8Array;
}

type Problems = AsyncGenerator<LedgerProblem, void>;

/** The charter's policies and trust lists must be here and readable. */
export async function* verifyCharter({ identity, store }: LedgerParts): Problems {
  const { policies, trust } = identity.charter;
  const documents = [
    ...Object.entries(policies).map(([name, cid]) => ({ name, cid, decode: decodePolicy })),
    ...Object.entries(trust).map(([name, cid]) => ({ name, cid, decode: decodeInstitutions })),
  ];
  for (const { name, cid, decode } of documents) {
    const problem = problemOf(() => decode(verifiedBlock(store, cid)));
    if (problem === undefined) continue;
    yield {
      code: codeOf(problem),
      subject: cid,
      text: `the charter's ${name}: ${problem.message}`,
    };
  }
}

/** Every block must be what its CID says. */
export async function* verifyBlocks({ db }: LedgerStore): Problems {
  const page = db.prepare<Row & { bytes: Uint8Array }>(
    'SELECT rowid AS id, cid, bytes FROM blocks WHERE rowid > ? ORDER BY rowid LIMIT ?',
  );
  for await (const { cid, bytes, id } of rowsOf((after) => page.all(after, BLOCKS))) {
    yield* named(cid, `block ${id}`, (name) =>
      isBlock(name, bytes) ? undefined : corrupt(name, 'its bytes are not those it names'),
    );
  }
}

/** Records too, but for those whose bytes an erasure has deleted. What another home has named may be no record: it says nothing then, and harms nothing. */
export async function* verifyRecords({ db, erasures }: LedgerStore): Problems {
  const page = db.prepare<Row & { bytes: Uint8Array }>(
    'SELECT id, cid, bytes FROM records WHERE id > ? ORDER BY id LIMIT ?',
  );
  for await (const { cid, bytes, id } of rowsOf((after) => page.all(after, ROWS))) {
    yield* named(cid, `record ${id}`, (name) => {
      if (erasures.hasDeleted(cid)) {
        const isGone = bytes.every((byte) => byte === 0);
        return isGone ? undefined : corrupt(name, 'the record was erased and is here');
      }
      return isBlock(name, bytes)
        ? undefined
        : corrupt(name, 'the bytes of the record are not those it names');
    });
  }
}

/** How far erasures have got follows from nothing, so each row lies beside a digest. */
export async function* verifyErasures({ erasures }: LedgerStore): Problems {
  for (const { arrival, place } of erasures.broken()) {
    yield {
      code: 'home_corrupt',
      subject: `erasure ${arrival}/${place}`,
      text: 'what is noted about it is not as it was written',
    };
  }
}

/** What is noted of the places of records must be what their table says. */
export async function* verifyRecordPlaces({ db, records }: LedgerStore): Problems {
  const full = db.prepare<{ n: number }>('SELECT coalesce(max(id), 0) AS n FROM records').get();
  const segments = Math.floor((full?.n ?? 0) / SEGMENT);
  for (let segment = 0; segment < segments; segment++) {
    const work = records.places.bucketsOf(segment);
    let step = work.next();
    for (; step.done !== true; step = work.next()) await setImmediate();
    for (const [bucket, places] of step.value.entries()) {
      const stored = records.places.storedBucket(segment, bucket);
      if (stored !== undefined && equalBytes(stored, places)) continue;
      yield {
        code: 'home_corrupt',
        subject: `places of records ${segment}/${bucket}`,
        text: 'they are not where they are noted to be',
      };
    }
    await setImmediate();
  }
}

/** What is noted about each set must be what its pages say. */
export async function* verifySets(store: LedgerStore): Problems {
  const page = store.db.prepare<Row & { members: number }>(
    'SELECT rowid AS id, cid, members FROM sets WHERE rowid > ? ORDER BY rowid LIMIT ?',
  );
  for await (const { cid, members, id } of rowsOf((after) => page.all(after, ROWS))) {
    const name = tryCid(cid);
    if (name === undefined) {
      yield corrupt(`set ${id}`, 'it is noted under what is no CID');
      continue;
    }
    try {
      const count = await countSetMembers(name, (block) => verifiedBlock(store, block));
      if (count === members) continue;
      yield corrupt(name, `it is noted as a set of ${members}, its pages hold ${count}`);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      yield { code: codeOf(error), subject: name, text: error.message };
    }
  }
}

/** Salts are random, so each lies beside a digest. */
export async function* verifySalts({ db }: LedgerStore): Problems {
  const page = db.prepare<{ sort: string; name: string; salt: Uint8Array; seal: Uint8Array }>(
    'SELECT sort, name, salt, seal FROM salts WHERE (sort, name) > (?, ?) ORDER BY sort, name LIMIT ?',
  );
  let last = { sort: '', name: '' };
  for (;;) {
    const rows = page.all(last.sort, last.name, ROWS);
    for (const row of rows) {
      last = row;
      if (isSealed(row.sort, row.name, row)) continue;
      yield {
        code: 'home_corrupt',
        subject: `salt of ${row.sort} ${JSON.stringify(row.name)}`,
        text: 'the salt or its name is not as it was written',
      };
    }
    if (rows.length < ROWS) return;
    await setImmediate();
  }
}

/** Records noted as having come late must be here. */
export async function* verifyLateRecords(store: LedgerStore): Problems {
  const page = store.db.prepare<Row>(
    'SELECT id, cid FROM late_records WHERE id > ? ORDER BY id LIMIT ?',
  );
  for await (const { cid, id } of rowsOf((after) => page.all(after, ROWS))) {
    yield* named(cid, `late record ${id}`, (name) =>
      store.records.holds(name)
        ? undefined
        : corrupt(name, 'it is noted to have come and is not here'),
    );
  }
}

/** What is remembered of other nodes' logs follows from nothing, so each row lies beside a digest. */
export async function* verifyFeeds({ db }: LedgerStore): Problems {
  for (const { subject, text } of sealedProblems(db)) yield { code: 'home_corrupt', subject, text };
}

/** Yields rows page by page, by their growing id, and gives other work a turn after each page. */
async function* rowsOf<T extends { readonly id: number }>(
  page: (after: number) => readonly T[],
): AsyncGenerator<T, void> {
  let after = 0;
  for (;;) {
    const rows = page(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    await setImmediate();
  }
}

function* named(
  cid: Uint8Array,
  fallback: string,
  check: (name: Cid) => LedgerProblem | undefined,
): Generator<LedgerProblem, void> {
  const name = tryCid(cid);
  const problem =
    name === undefined ? corrupt(fallback, 'it is stored under what is no CID') : check(name);
  if (problem !== undefined) yield problem;
}

function tryCid(bytes: Uint8Array): Cid | undefined {
  let cid: Cid | undefined;
  problemOf(() => {
    cid = cidFromBytes(bytes);
  });
  return cid;
}

/** Returns the archive's own error that `work` throws; other errors are thrown on. */
function problemOf(work: () => unknown): ArchiveError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ArchiveError) return error;
    throw error;
  }
}

function codeOf(error: ArchiveError): LedgerProblem['code'] {
  return error.code === 'block_missing' ? 'block_missing' : 'block_corrupt';
}

function corrupt(subject: string, text: string): LedgerProblem {
  return { code: 'block_corrupt', subject, text };
}
