import type { Cid } from '../../core/cid.ts';
import { batchOf, readBody } from '../../core/entries/body.ts';
import { readEntry } from '../../core/entries/entry.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { EntryProof } from '../../core/witnessing/check-entry.ts';
import { formatTlogProof } from '../../core/witnessing/tlog-proof.ts';
import type { Archive } from '../archive.ts';
import { checkpointOver } from './confirmed-checkpoint.ts';
import { type LogEntry, type LogStatement, logEntryOf, statementsIn } from './log-entry.ts';

type Parts = Pick<Archive, 'ledger' | 'feed' | 'sha256' | 'verifySignature'>;

export interface ShownEntry extends LogEntry, EntryProof {
  readonly statements: readonly LogStatement[];
}

/**
 * Returns an entry of this home's log with what shows that it is in there. The proof rests on the newest
 * checkpoint that others have confirmed, where that covers it.
 *
 * @throws {ArchiveError} `not_found`.
 */
export async function showEntry(hash: EntryHash, parts: Parts): Promise<ShownEntry> {
  const { ledger, feed } = parts;
  const index = feed.arrivalOf(hash);
  if (index === undefined) throw new ArchiveError('not_found', `${hash} is not in the log here`);
  for await (const arrival of ledger.arrivals(index)) {
    const { note, size, lines } = checkpointOver(parts, index);
    const hashes = feed.inclusionProof(index, size);
    return {
      ...logEntryOf(arrival, ledger),
      statements: statementsIn(arrival),
      proof: formatTlogProof({ index, hashes, checkpoint: `${note}${lines.join('')}` }),
      blocks: blocksOf(hash, ledger),
    };
  }
  throw new ArchiveError('internal', `${hash} has arrived and is not there`);
}

/** The entry, its batch, and the envelopes that members signed elsewhere. */
function blocksOf(hash: EntryHash, ledger: Archive['ledger']): EntryProof['blocks'] {
  const read = (cid: Cid) => {
    const bytes = ledger.block(cid);
    if (bytes === undefined) throw new ArchiveError('block_missing', `${cid} is not in the ledger`);
    return { cid, bytes };
  };
  const own = read(fromEntryHash(hash));
  const entry = readEntry(own.bytes);
  const batch = batchOf(entry);
  const batches = batch === undefined ? [] : [read(batch)];
  const statements = readBody(entry, batches[0]?.bytes);
  const envelopes = new Set(statements.flatMap(({ signed }) => signed?.envelope ?? []));
  return [own, ...batches, ...[...envelopes].map(read)];
}
