import { setImmediate } from 'node:timers/promises';
import { type Cid, CODEC, cidToBytes, codecOf } from '../../core/cid.ts';
import { checkCarried } from '../../core/entries/carried.ts';
import { companionsOf, documentsOf, recordsOf, setOf } from '../../core/entries/references.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Append } from '../../core/ports/ledger.ts';
import { MAX_BATCH } from '../../core/statements/batch.ts';
import { type Block, decodeBlock, MAX_BLOCK_BYTES } from '../../core/statements/block.ts';
import {
  checkRecord,
  decodeRecord,
  type RecordData,
  recordMadeHere,
} from '../../core/statements/record.ts';
import { decodeSetRoot } from '../../core/statements/set.ts';
import type { Statement } from '../../core/statements/statement.ts';
import { verifySignature } from '../keys/verify-signature.ts';
import { countSetMembers } from '../reading/read-set.ts';
import { isBlock } from '../reading/verified-block.ts';
import type { Arriving } from '../ruling/judging.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/** Blocks and statements checked before others get a turn; takes some milliseconds. */
const PAUSE_EVERY = 256;

/** What an append brings, checked as far as this can be done without judging. */
export interface CheckedAppend extends Arriving {
  readonly records: ReadonlyMap<Cid, Uint8Array>;
  /** What those of the records say that were made here. */
  readonly said: ReadonlyMap<Cid, RecordData>;
  /** What of it statements have been seen to name. */
  readonly named: Set<Cid>;
}

/**
 * Checks that what an append brings is what it says: blocks, records, and the sets that statements
 * are about.
 *
 * @throws {ArchiveError} `statement_rejected` naming what is missing or broken.
 */
export async function checkAppend(append: Append, store: LedgerStore): Promise<CheckedAppend> {
  const { statements } = append;
  if (statements.length < 1 || statements.length > MAX_BATCH) {
    throw rejected(`an entry holds 1 to ${MAX_BATCH} statements, not ${statements.length}`);
  }
  const blocks = await checkBlocks(append.documents, checkDocument);
  const records = await checkBlocks(append.records, checkRecord);
  const said = new Map<Cid, RecordData>();
  for (const block of append.records) {
    const record = recordMadeHere(block);
    if (record !== undefined) said.set(block.cid, record);
  }
  const named = new Set<Cid>();
  const sets = new Map<Cid, number>();
  const block = (cid: Cid) => {
    const bytes = blocks.get(cid) ?? store.block(cid);
    if (bytes === undefined) throw rejected(`block ${cid} of a set did not come with it`);
    return bytes;
  };
  for (const statement of statements) {
    const set = setOf(statement);
    if (set === undefined || sets.has(set)) continue;
    for (const page of rejecting(() => decodeSetRoot(block(set)).pages)) named.add(page);
    sets.set(set, store.setSize(set) ?? (await countSetMembers(set, block)));
  }
  return { blocks, records, said, sets, named };
}

/**
 * Checks that what a statement names came with it or is stored.
 *
 * @throws {ArchiveError} `statement_rejected` naming what is missing.
 */
export function checkNamed(
  statement: Statement,
  checked: CheckedAppend,
  store: LedgerStore,
  address: string,
): void {
  for (const cid of [...companionsOf(statement), ...documentsOf(statement)]) {
    checked.named.add(cid);
    if (checked.blocks.has(cid) || store.block(cid) !== undefined) continue;
    throw rejected(`a ${statement.kind} names document ${cid}, which did not come with it`);
  }
  for (const cid of recordsOf(statement)) {
    checked.named.add(cid);
    if (store.erasures.hides(cidToBytes(cid))) {
      throw rejected(`a ${statement.kind} names record ${cid}, which was erased`);
    }
    if (checked.records.has(cid) || store.records.has(cid)) continue;
    throw rejected(`a ${statement.kind} names record ${cid}, which did not come with it`);
  }
  if (statement.carried === undefined) return;
  const { envelope } = statement.carried;
  const bytes = checked.records.get(envelope) ?? store.records.get(envelope);
  if (bytes === undefined) throw rejected(`the envelope ${envelope} is not here`);
  const expected = { archive: address, verify: verifySignature, sha256 };
  rejecting(() => checkCarried(statement, decodeRecord(bytes), expected));
}

/** @throws {ArchiveError} `statement_rejected` if something came that no statement names. */
export function refuseUnnamed({ blocks, records, named }: CheckedAppend): void {
  for (const cid of [...blocks.keys(), ...records.keys()]) {
    if (!named.has(cid)) throw rejected(`no statement names ${cid}, which came with them`);
  }
}

async function checkBlocks(
  given: readonly Block[],
  check: (block: Block) => void,
): Promise<Map<Cid, Uint8Array>> {
  const checked = new Map<Cid, Uint8Array>();
  for (const [i, block] of given.entries()) {
    if (i % PAUSE_EVERY === PAUSE_EVERY - 1) await setImmediate();
    // What `encodeRecord` has made was named by its bytes a moment ago.
    if (recordMadeHere(block) === undefined && !isBlock(block.cid, block.bytes)) {
      throw rejected(`the bytes that came as ${block.cid} are not those it names`);
    }
    rejecting(() => check(block));
    checked.set(block.cid, block.bytes);
  }
  return checked;
}

/** Documents are DAG-CBOR; envelopes and time-stamp tokens are raw. */
function checkDocument({ cid, bytes }: Block): void {
  if (codecOf(cid) === CODEC.dagCbor) decodeBlock(bytes);
  else if (bytes.length > MAX_BLOCK_BYTES) throw rejected(`${cid} is larger than 1 MiB`);
}

/** Says of data that does not have its form that the statement is refused. */
export function rejecting<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ArchiveError) || cause.code !== 'input_invalid') throw cause;
    throw new ArchiveError('statement_rejected', `this cannot be recorded: ${cause.message}`, {
      cause,
    });
  }
}

/** The refusal of an append, with what is wrong. */
export function rejected(problem: string): ArchiveError {
  return new ArchiveError('statement_rejected', `this cannot be recorded: ${problem}`);
}
