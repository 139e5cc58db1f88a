import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { CheckpointBody } from '../entries/note.ts';
import type { Block } from '../statements/block.ts';
import type { EntryHash } from '../statements/fields.ts';
import {
  blocksByCid,
  type LoggedEntry,
  openLog,
  readLoggedEntry,
  speakerOf,
  type Tools,
} from './logged-entry.ts';
import { refusal } from './proof-file.ts';
import { parseTlogProof } from './tlog-proof.ts';

/** One entry of a log, and what shows that it is in there. */
export interface EntryProof {
  readonly entry: EntryHash;
  /** A C2SP tlog-proof of its leaf. */
  readonly proof: string;
  /** The entry, its batch, and the envelopes of what members have signed elsewhere. */
  readonly blocks: readonly Block[];
}

export interface EntryCheck extends LoggedEntry {
  readonly tree: CheckpointBody;
  /** The signed note that the proof rests on. */
  readonly checkpoint: string;
  /** Whose word each statement is, in the order of the statements. */
  readonly speakers: readonly Did[];
}

/**
 * Checks that an entry of this archive is in the log of this key, is its author's, and says what it is told to
 * say. Whether its author was a member then is for the whole of the log to say.
 *
 * @throws {ArchiveError} `proof_invalid`, `input_invalid` or `entry_rejected` with the first thing that is wrong.
 */
export function checkEntry(
  { entry: hash, proof, blocks }: EntryProof,
  expected: { readonly log: Did; readonly address: string },
  tools: Tools,
): EntryCheck {
  const { checkpoint, ...place } = parseTlogProof(proof);
  const { tree, did } = openLog(checkpoint, tools);
  if (did !== expected.log) throw refusal(`is of the log of ${did}, not of ${expected.log}`);
  const known = blocksByCid(blocks, tools.sha256);
  const block = (cid: Cid) => {
    const bytes = known.get(cid);
    if (bytes === undefined) throw refusal(`lacks ${cid}`);
    return bytes;
  };
  const reading = { ...tools, address: expected.address, block };
  const read = readLoggedEntry(hash, place, tree, reading);
  const speakers = read.statements.map((outline) => speakerOf(outline, read.entry, reading));
  return { ...read, tree, checkpoint, speakers };
}
