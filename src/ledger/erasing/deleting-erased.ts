import { setImmediate } from 'node:timers/promises';
import { type Cid, cidFromBytes } from '../../core/cid.ts';
import { type RecordData, readRecord } from '../../core/statements/record.ts';
import { transaction } from '../../sqlite/transaction.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import type { NamedSalt, Salts } from '../reading/salts.ts';

/** Records whose bytes are deleted in one transaction. */
const RECORDS_AT_ONCE = 1_024;

/** Rows looked through before others get a turn. */
const ROWS = 4_096;

/**
 * Deletes the bytes of records that erasures have hidden since `since` or longer, and the salts of the
 * names in them; returns how many records are settled by that. Durable when the promise resolves. Calls
 * must not overlap with each other or with anything that writes.
 *
 * The bytes are overwritten where they lie, so that no page is built anew with what was on it; salts lie
 * in the order of their names, so their table is. Then the log is folded back. Unless somebody reads an
 * older moment from it, nothing of them is left in any byte of the file or its log.
 */
export async function deleteErased(
  { db, store }: LedgerParts,
  salts: Salts,
  since: number,
): Promise<number> {
  let settled = 0;
  for (;;) {
    const due = store.erasures.due(since, RECORDS_AT_ONCE);
    if (due.length === 0) break;
    const places = await placesOf(new Set(due.map(({ record }) => cidFromBytes(record))));
    const read = db.prepare<{ bytes: Uint8Array }>('SELECT bytes FROM records WHERE id = ?');
    const wipe = db.prepare('UPDATE records SET bytes = zeroblob(length(bytes)) WHERE id = ?');
    const { settle } = transaction(db, () => {
      const named: NamedSalt[] = [];
      for (const id of [...places.values()].flat()) {
        const said = readRecord(read.get(id)?.bytes ?? new Uint8Array());
        if (said !== undefined) named.push(...saltsIn(said));
        wipe.run(id);
      }
      for (const row of due) {
        const wasHere = places.has(cidFromBytes(row.record));
        store.erasures.set({ ...row, state: wasHere ? 'deleted' : 'absent' });
      }
      return salts.remove(named);
    });
    settle();
    settled += due.length;
  }
  if (settled > 0) db.foldBack();
  return settled;

  /** Every place of each record: one that came twice lies there twice. */
  async function placesOf(records: ReadonlySet<Cid>): Promise<ReadonlyMap<Cid, number[]>> {
    const found = new Map<Cid, number[]>();
    const page = db.prepare<{ id: number; cid: Uint8Array }>(
      'SELECT id, cid FROM records WHERE id > ? ORDER BY id LIMIT ?',
    );
    for (let after = 0; ; ) {
      const rows = page.all(after, ROWS);
      for (const { id, cid: bytes } of rows) {
        const cid = cidFromBytes(bytes);
        if (records.has(cid)) found.set(cid, [...(found.get(cid) ?? []), id]);
        after = id;
      }
      if (rows.length < ROWS) return found;
      await setImmediate();
    }
  }
}

/** The names in a record with the salts under which statements commit to them. */
function saltsIn(record: RecordData): readonly NamedSalt[] {
  switch (record.type) {
    case 'deposit':
      return record.makers;
    case 'name':
      return [record];
    case 'envelope':
      return [{ name: record.signer, salt: record.salt }];
    default:
      return [];
  }
}
