import { z } from 'zod';
import { toBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { confirmedCheckpoint } from '../logging/confirmed-checkpoint.ts';
import { holderOf, logEntryOf } from '../logging/log-entry.ts';
import { showEntry } from '../logging/show-entry.ts';
import { parseEntryHash } from '../typed-names.ts';
import { logEntry, logHead, logPage, shownEntry } from './answers/log.ts';
import { count } from './answers/names.ts';
import { entryText } from './named.ts';
import { createOperation } from './operation.ts';

const PAGE = 50;

/** Gives what arrived in this home's log, the newest first. */
export const listLog = createOperation({
  name: 'log.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    /** Entries that arrived before this one; without it, the newest. */
    before: z.int().min(0).exactOptional(),
    limit: z.int().min(1).max(200).exactOptional(),
  }),
  result: logPage,
  item: logEntry,
  async run({ ledger }, { before, limit = PAGE }, { item }) {
    const size = ledger.size();
    const end = Math.min(before ?? size, size);
    const first = Math.max(0, end - limit);
    const page = [];
    for await (const arrival of ledger.arrivals(first)) {
      if (arrival.number >= end) break;
      page.push(logEntryOf(arrival, ledger));
    }
    for (const one of page.reverse()) await item(one);
    return { size, next: first === 0 ? null : first };
  },
});

/** Signs this home's log as it is now, and gives the newest checkpoint that others have confirmed. */
export const showLogHead = createOperation({
  name: 'log.head',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: logHead,
  async run(archive) {
    const { ledger, feed } = archive;
    const { size, note } = feed.head();
    const found = confirmedCheckpoint(archive);
    const confirmed = found && {
      size: found.size,
      note: `${found.note}${found.lines.join('')}`,
      by: [...found.cosigners.keys()].map((key) => holderOf(key, ledger)),
    };
    return { address: ledger.address, log: feed.did, size, note, confirmed: confirmed ?? null };
  },
});

/** Gives one entry of this home's log, with what shows that it is in there. */
export const showLogEntry = createOperation({
  name: 'log.show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ entry: entryText }),
  result: shownEntry,
  async run(archive, { entry }) {
    const { blocks, ...shown } = await showEntry(parseEntryHash(entry), archive);
    return { ...shown, blocks: blocks.map(({ cid, bytes }) => ({ cid, bytes: toBase64(bytes) })) };
  },
});

/** Proves that this home's log of one length is the beginning of that of another. */
export const proveLogConsistency = createOperation({
  name: 'log.consistency',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ from: z.int().min(1), to: z.int().min(1) }),
  result: z.strictObject({
    from: count,
    to: count,
    hashes: z.array(z.string().describe('Base64')).describe('RFC 9162, section 2.1.4'),
  }),
  async run({ feed, ledger }, { from, to }) {
    if (from > to || to > ledger.size()) {
      throw new ArchiveError(
        'usage_invalid',
        `the log has ${ledger.size()} entries; give two lengths of it, the shorter first`,
      );
    }
    return { from, to, hashes: feed.consistencyProof(from, to).map(toBase64) };
  },
});
