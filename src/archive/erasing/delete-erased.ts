import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type ErasureProgress, NOTICE_MS } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import { acknowledge, unacknowledged } from '../governing/acknowledgements.ts';

export interface DeletedRecords {
  /** Records that are settled: their bytes are deleted, or never were here. */
  readonly records: number;
  /** Erasures that this home has said it carried out. */
  readonly acknowledged: readonly StatementId[];
}

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'releases' | 'content' | 'clock'>;

/** The end of the last call for each ledger: two at once would both say what is carried out. */
const calls = new WeakMap<Parts['ledger'], Promise<unknown>>();

/**
 * Deletes the bytes of erased records whose notice is over, or of all with `isEarly`, destroys what releases
 * say out of them, has the catalog built anew without them, and tells the others of every erasure that is
 * carried out by that. Nothing of them is left in any file of the home, and nothing brings them back. Calls are carried out one
 * after the other. Safe to call again after a crash.
 *
 * @throws {ArchiveError} `block_corrupt` and others where the words of a release here could not be destroyed:
 * nothing is acknowledged then, and the next call tries again.
 */
export function deleteErased(
  how: { readonly isEarly: boolean },
  archive: Parts,
  signal?: AbortSignal,
): Promise<DeletedRecords> {
  const before = calls.get(archive.ledger) ?? Promise.resolve();
  const call = before.then(() => carryOut(how, archive, signal));
  calls.set(
    archive.ledger,
    call.catch(() => {}),
  );
  return call;
}

async function carryOut(
  { isEarly }: { readonly isEarly: boolean },
  archive: Parts,
  signal: AbortSignal | undefined,
): Promise<DeletedRecords> {
  const { ledger, catalog, clock } = archive;
  const options = signal === undefined ? {} : { signal };
  const records = await ledger.deleteErased(isEarly ? clock() : clock() - NOTICE_MS);
  await catalog.catchUp(options);
  // What a crash kept from being acknowledged, it kept from being taken out elsewhere as well.
  if (records > 0 || carriedOut(archive).length > 0) {
    const all = catalog.releases().map(({ release }) => release);
    const failures = await eraseFromReleases(all, archive);
    await catalog.rebuild(options);
    if (failures.length > 0) throw failures[0];
  }
  const done = carriedOut(archive);
  for (const { id, deleted } of done) {
    await acknowledge(id, deleted > 0 ? 'done' : 'not-held', archive);
  }
  if (done.length > 0) await catalog.catchUp(options);
  return { records, acknowledged: done.map(({ id }) => id) };
}

/** Destroys the words of deleted records in those of some releases that are here; returns what could not be done. */
export async function eraseFromReleases(
  roots: readonly Cid[],
  { ledger, catalog, releases, content }: Omit<Parts, 'clock'>,
): Promise<readonly unknown[]> {
  const carried = ledger
    .erasures()
    .filter((one) => one.hidden === 0 && one.deleted + one.absent > 0);
  const deleted = new Set(carried.map(({ id }) => id));
  const records = new Set<Cid>();
  for (const { id, statement } of catalog.said('erasure')) {
    if (statement.kind !== 'erasure' || !deleted.has(id)) continue;
    // One that the erasure may not name is here still.
    for (const record of statement.body.records) {
      if (ledger.record(record) === undefined) records.add(record);
    }
  }
  if (records.size === 0) return [];
  const failures: unknown[] = [];
  for (const release of roots) {
    if (!(await content.has(release))) continue;
    try {
      await releases.eraseWords(release, records);
    } catch (error) {
      if (!isNoRelease(error)) failures.push(error);
    }
  }
  return failures;
}

/** What is no release, whatever was said of it, has no words of anybody. */
function isNoRelease(error: unknown): boolean {
  return error instanceof ArchiveError && NO_RELEASE.has(error.code);
}

const NO_RELEASE: ReadonlySet<string> = new Set(['input_invalid', 'release_invalid']);

/** Returns the erasures that are carried out here, and of which this home may say so and has not. */
function carriedOut({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): readonly ErasureProgress[] {
  const isToSay = unacknowledged({ ledger, catalog });
  return ledger
    .erasures()
    .filter(
      ({ id, hidden, deleted, absent }) => hidden === 0 && deleted + absent > 0 && isToSay(id),
    );
}
