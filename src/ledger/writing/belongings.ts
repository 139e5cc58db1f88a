import type { Cid } from '../../core/cid.ts';
import { batchOf, readBody } from '../../core/entries/body.ts';
import type { Entry } from '../../core/entries/entry.ts';
import { companionsOf, documentsIn, recordsOf, setOf } from '../../core/entries/references.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type Block, isHashed, MAX_BLOCK_BYTES } from '../../core/statements/block.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { countSetMembers } from '../reading/read-set.ts';
import { isBlock } from '../reading/verified-block.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/** What belongs to an entry from elsewhere and is to be stored with it. */
export interface Belongings {
  readonly statements: readonly StatementOutline[];
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
  readonly records: ReadonlyMap<Cid, Uint8Array>;
  /** Sets not noted yet, with the number of their members, 0 for a broken one. */
  readonly sets: ReadonlyMap<Cid, number>;
  /** Records that it names and that are not here: they did not come, or are erased. */
  readonly missing: ReadonlySet<Cid>;
}

/** Statements looked at before others may get a turn; takes some milliseconds at most. */
const LOOK_EVERY = 64;

/**
 * Returns what belongs to an entry, from what came with it and what is stored. Blocks and records that
 * no statement names are left aside, and so are what is not what its CID says and what is erased.
 *
 * @throws {ArchiveError} `block_missing` if something that belongs to it is neither here nor came,
 * `entry_rejected` if the batch breaks its outline or something is larger than it may be.
 */
export async function belongingsOf(
  entry: Entry,
  came: { readonly blocks: readonly Block[]; readonly records: readonly Block[] },
  store: LedgerStore,
  takeTurn: () => Promise<void>,
): Promise<Belongings> {
  const given = genuine(came.blocks);
  const givenRecords = new Map(came.records.map((record) => [record.cid, record]));
  const blocks = new Map<Cid, Uint8Array>();
  const records = new Map<Cid, Uint8Array>();
  const sets = new Map<Cid, number>();
  const absent = new Set<Cid>();
  const take = (cid: Cid): Uint8Array | undefined => {
    const bytes = given.get(cid);
    if (bytes === undefined) return store.block(cid);
    if (bytes.length > MAX_BLOCK_BYTES) throw tooLarge(cid);
    blocks.set(cid, bytes);
    return bytes;
  };
  const need = (cid: Cid): Uint8Array => {
    const bytes = take(cid);
    if (bytes === undefined) throw missing(cid);
    return bytes;
  };
  const batch = batchOf(entry);
  const statements = readBody(entry, batch === undefined ? undefined : need(batch));
  let hides = store.erasures.hidesNow();
  for (const [i, outline] of statements.entries()) {
    if (i % LOOK_EVERY === LOOK_EVERY - 1) {
      await takeTurn();
      hides = store.erasures.hidesNow();
    }
    for (const cid of companionsOf(outline)) need(cid);
    for (const cid of documentsIn(outline)) take(cid);
    for (const cid of recordsOf(outline)) {
      const record = hides(cid) ? undefined : givenRecords.get(cid);
      if (record !== undefined && isGenuineRecord(record)) records.set(cid, record.bytes);
      else if (!store.records.holds(cid)) absent.add(cid);
    }
    const set = setOf(outline);
    if (set === undefined || sets.has(set) || store.setSize(set) !== undefined) continue;
    sets.set(set, await countSetMembers(set, need));
  }
  return { statements, blocks, records, sets, missing: absent };
}

function genuine(blocks: readonly Block[]): ReadonlyMap<Cid, Uint8Array> {
  return new Map(blocks.filter(isGenuine).map(({ cid, bytes }) => [cid, bytes]));
}

/**
 * Says whether a block is what its CID says and no larger than a record may be. What it says is read
 * when somebody asks: no entry depends on it.
 */
export function isGenuineRecord(block: Block): boolean {
  return block.bytes.length <= MAX_BLOCK_BYTES && isGenuine(block);
}

function isGenuine(block: Block): boolean {
  return isHashed(block) || isBlock(block.cid, block.bytes);
}

function missing(cid: Cid): ArchiveError {
  return new ArchiveError(
    'block_missing',
    `block ${cid}, which belongs to it, did not come with it`,
    {
      retryable: true,
    },
  );
}

function tooLarge(cid: Cid): ArchiveError {
  return new ArchiveError('entry_rejected', `block ${cid}, which belongs to it, is over 1 MiB`);
}
