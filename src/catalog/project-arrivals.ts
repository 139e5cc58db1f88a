import { ArchiveError } from '../core/errors.ts';
import type { Database } from '../sqlite/database.ts';
import { required } from './damage.ts';
import type { Pacer } from './pacer.ts';
import type { Projection } from './projection.ts';
import type { SourceLedger } from './source-ledger.ts';

/** Statements after which a transaction ends. */
const PAGE = 2048;

/** How far a file has got. */
interface Progress {
  /** Arrival number of the next entry to project. */
  readonly next: number;
  /** Hash of the entry before it; empty at the beginning. */
  readonly last: string;
}

/**
 * Projects every entry that the ledger has and the file has not, and returns how many that were.
 * Entries and progress are committed together, page by page; a failure undoes the page it is in.
 */
export async function projectArrivals(
  db: Database,
  projection: Projection,
  ledger: SourceLedger,
  pacer: Pacer,
): Promise<number> {
  const start = readProgress(db).next;
  let progress: Progress | undefined;
  let next = start;
  let statements = 0;
  // Counts and progress are written once a page: every UPDATE that may touch several rows makes the
  // full-text index write out what it has gathered.
  const commit = () => {
    if (progress === undefined) return;
    projection.writeCounts();
    writeProgress(db, progress);
    db.commit();
    progress = undefined;
    statements = 0;
  };
  try {
    for await (const arrival of ledger.arrivals(start)) {
      if (arrival.number !== next) {
        throw new ArchiveError(
          'internal',
          `the ledger gave arrival ${arrival.number} where ${next} comes next`,
        );
      }
      if (progress === undefined) db.begin();
      next += 1;
      progress = { next, last: arrival.entry };
      await projection.add(arrival, pacer);
      statements += arrival.standing.length + arrival.unknown.length;
      if (statements >= PAGE) commit();
    }
    commit();
    return next - start;
  } catch (error) {
    db.rollback();
    projection.forget();
    throw error;
  }
}

/** Says whether the ledger has the entries that the file has, in the same order. */
export async function isContinuedBy(db: Database, ledger: SourceLedger): Promise<boolean> {
  const { next, last } = readProgress(db);
  if (next === 0) return true;
  for await (const arrival of ledger.arrivals(next - 1)) return arrival.entry === last;
  return false;
}

function readProgress(db: Database): Progress {
  return required(db.prepare<Progress>('SELECT next, last FROM state').get(), 'how far it has got');
}

function writeProgress(db: Database, { next, last }: Progress): void {
  db.prepare('UPDATE state SET next = ?, last = ?').run(next, last);
}
