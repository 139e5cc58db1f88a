import type { Cid } from '../../core/cid.ts';
import { type ErasureProgress, NOTICE_MS } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { KINDS, type Role } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { unlessUnreadable } from '../named-releases.ts';
import { timestampOf } from '../now.ts';

export interface DeletedRecords {
  /** Records that are settled: their bytes are deleted, or never were here. */
  readonly records: number;
  /** Erasures that this home has said it carried out. */
  readonly acknowledged: readonly StatementId[];
}

/**
 * Deletes the bytes of erased records whose notice is over, or of all with `isEarly`, destroys what releases
 * say out of them, has the catalog built anew without them, and tells the others of every erasure that is
 * carried out by that. Nothing of them is left in any file of the home, and nothing brings them back. Safe to call again after a crash.
 */
export async function deleteErased(
  { isEarly }: { readonly isEarly: boolean },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'releases' | 'clock'>,
  signal?: AbortSignal,
): Promise<DeletedRecords> {
  const { ledger, catalog, clock } = archive;
  const options = signal === undefined ? {} : { signal };
  const records = await ledger.deleteErased(isEarly ? clock() : clock() - NOTICE_MS);
  await catalog.catchUp(options);
  // What a crash kept from being acknowledged, it kept from being taken out elsewhere as well.
  if (records > 0 || carriedOut(archive).length > 0) {
    await eraseFromReleases(archive);
    await catalog.rebuild(options);
  }
  // A running node may have looked meanwhile, and have said so.
  await catalog.catchUp(options);
  const done = carriedOut(archive);
  const at = timestampOf(clock);
  for (const { id, deleted } of done) {
    const outcome = deleted > 0 ? 'done' : 'not-held';
    const statement = createStatement('acknowledgement', null, at, { of: id, outcome });
    await ledger.append({ statements: [statement], records: [], documents: [] });
  }
  if (done.length > 0) await catalog.catchUp(options);
  return { records, acknowledged: done.map(({ id }) => id) };
}

/** Destroys the words of deleted records in every release that is here. */
async function eraseFromReleases({
  ledger,
  catalog,
  releases,
}: Pick<Archive, 'ledger' | 'catalog' | 'releases'>): Promise<void> {
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
  if (records.size === 0) return;
  for (const { release } of catalog.releases()) {
    await unlessUnreadable(releases.eraseWords(release, records));
  }
}

/** Returns the erasures that are carried out here, and of which this home may say so and has not. */
function carriedOut({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): readonly ErasureProgress[] {
  const { did } = ledger.self;
  const may: readonly Role[] = KINDS.acknowledgement.roles;
  const roles = ledger.memberOf(did)?.roles ?? [];
  if (ledger.isWaiting || !roles.some((role) => may.includes(role))) return [];
  const said = new Set<StatementId>();
  for (const { author, statement } of catalog.said('acknowledgement')) {
    if (author === did && statement.kind === 'acknowledgement') said.add(statement.body.of);
  }
  return ledger
    .erasures()
    .filter(
      ({ id, hidden, deleted, absent }) => hidden === 0 && deleted + absent > 0 && !said.has(id),
    );
}
