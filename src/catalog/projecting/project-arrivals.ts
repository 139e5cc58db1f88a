import { ArchiveError } from '../../core/errors.ts';
import type { Arrival } from '../../core/ports/ledger.ts';
import { isKind, KINDS } from '../../core/statements/kinds.ts';
import type { Database } from '../../sqlite/database.ts';
import { required } from '../file/damage.ts';
import type { Pacer } from '../pacer.ts';
import type { Projection } from './projection.ts';
import type { SourceLedger } from './source-ledger.ts';

/** Statements after which a transaction ends. */
const PAGE = 2048;

/** How far a file has got. */
interface Progress {
  /** Arrival number of the next entry to project. */
  readonly next: number;
  /** Entries below this number are projected as they stood when all of these were there. */
  readonly settled: number;
  /** Hash of the entry before it; empty at the beginning. */
  readonly last: string;
}

/** An entry that has been projected stands otherwise now: the file has to be built again. */
export class RestatedError extends Error {
  override readonly name = 'RestatedError';
}

/**
 * Projects every entry that the ledger has and the file has not, and returns how many that were.
 * Entries and progress are committed together, page by page; a failure undoes the page it is in.
 *
 * @throws {RestatedError} if an entry makes earlier ones stand or fall that say something of assets.
 */
export async function projectArrivals(
  db: Database,
  projection: Projection,
  ledger: SourceLedger,
  pacer: Pacer,
): Promise<number> {
  const { next: start, settled } = readProgress(db);
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
    for await (const { arrival, restated } of ledger.changes(start, settled)) {
      if (arrival.number !== next) {
        throw new ArchiveError(
          'internal',
          `the ledger gave arrival ${arrival.number} where ${next} comes next`,
        );
      }
      if (progress === undefined) db.begin();
      next += 1;
      progress = { next, settled: Math.max(next, settled), last: arrival.entry };
      await refuseRestated(restated);
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

async function refuseRestated(restated: AsyncIterable<Arrival>): Promise<void> {
  for await (const { entry, standing, unknown, void: nothing } of restated) {
    const kinds = [...standing.map(({ statement }) => statement), ...unknown, ...nothing];
    // Governance says nothing of assets, and is not stored.
    if (kinds.every(({ kind }) => isKind(kind) && KINDS[kind].governance)) continue;
    throw new RestatedError(`${entry} stands otherwise than it was projected`);
  }
}

/** Says whether the ledger has the entries that the file has, in the same order. */
export async function isContinuedBy(db: Database, ledger: SourceLedger): Promise<boolean> {
  const { next, last } = readProgress(db);
  if (next === 0) return true;
  for await (const arrival of ledger.arrivals(next - 1)) return arrival.entry === last;
  return false;
}

/** Returns the arrival number of the next entry to project. */
export function nextArrival(db: Database): number {
  return readProgress(db).next;
}

function readProgress(db: Database): Progress {
  return required(
    db.prepare<Progress>('SELECT next, settled, last FROM state').get(),
    'how far it has got',
  );
}

function writeProgress(db: Database, { next, settled, last }: Progress): void {
  db.prepare('UPDATE state SET next = ?, settled = ?, last = ?').run(next, settled, last);
}
