import { type ErasureProgress, NOTICE_MS } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { KINDS, type Role } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

export interface DeletedRecords {
  /** Records that are settled: their bytes are deleted, or never were here. */
  readonly records: number;
  /** Erasures that this home has said it carried out. */
  readonly acknowledged: readonly StatementId[];
}

/**
 * Deletes the bytes of erased records whose notice is over, or of all with `isEarly`, has the catalog built
 * anew without them, and tells the others of every erasure that is carried out by that. Nothing of them is
 * left in any file of the home, and nothing brings them back. Safe to call again after a crash.
 */
export async function deleteErased(
  { isEarly }: { readonly isEarly: boolean },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock'>,
  signal?: AbortSignal,
): Promise<DeletedRecords> {
  const { ledger, catalog, clock } = archive;
  const options = signal === undefined ? {} : { signal };
  const records = await ledger.deleteErased(isEarly ? clock() : clock() - NOTICE_MS);
  await catalog.catchUp(options);
  const done = carriedOut(archive);
  // What a crash kept from being acknowledged, it kept from being taken out of the catalog's file as well.
  if (records > 0 || done.length > 0) await catalog.rebuild(options);
  const at = timestampOf(clock);
  for (const { id, deleted } of done) {
    const outcome = deleted > 0 ? 'done' : 'not-held';
    const statement = createStatement('acknowledgement', null, at, { of: id, outcome });
    await ledger.append({ statements: [statement], records: [], documents: [] });
  }
  if (done.length > 0) await catalog.catchUp(options);
  return { records, acknowledged: done.map(({ id }) => id) };
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
