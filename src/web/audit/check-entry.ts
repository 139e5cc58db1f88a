import { fromBase64 } from '../../core/base64.ts';
import { type Cid, isCid } from '../../core/cid.ts';
import { isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isEntryHash } from '../../core/statements/fields.ts';
import { checkEntry, type EntryCheck } from '../../core/witnessing/check-entry.ts';
import { answered, api } from '../api/client.ts';
import { checkLog, type LogCheck, refuseOther } from './check-log.ts';
import { withSignatures } from './with-signatures.ts';

/** An entry that this browser has checked, and what the node says of it beside that. */
export interface CheckedEntry {
  readonly log: LogCheck;
  readonly check: EntryCheck;
  readonly told: Awaited<ReturnType<typeof askFor>>;
}

/**
 * Asks for an entry of a node's log and checks it here: it lies in the log that was checked, its author has
 * signed it, and its statements are those that it commits to.
 *
 * @throws {ArchiveError} with the first thing that does not hold.
 */
export async function checkedEntry(entry: string, node: string): Promise<CheckedEntry> {
  const told = await askFor(entry);
  const log = await checkLog(node);
  if (!isEntryHash(entry) || !isDid(node)) {
    throw new ArchiveError('input_invalid', 'this is no entry of a log');
  }
  const blocks = told.blocks.map(({ cid, bytes }) => ({ cid: named(cid), bytes: bytesOf(bytes) }));
  const check = await withSignatures((tools) =>
    checkEntry({ entry, proof: told.proof, blocks }, { log: node, address: log.address }, tools),
  );
  await refuseOther(check.tree, log.tree);
  return { log, check, told };
}

async function askFor(entry: string) {
  return (await answered(api.POST('/api/v1/operations/log.show', { body: { entry } }))).result;
}

function named(cid: string): Cid {
  if (isCid(cid)) return cid;
  throw new ArchiveError('input_invalid', `${JSON.stringify(cid)} names no block`);
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes !== undefined) return bytes;
  throw new ArchiveError('input_invalid', 'a block is in no base64');
}
