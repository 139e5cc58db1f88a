import { encode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { type Cid, cidFromBytes, cidToBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Protocol } from '../../core/ports/network.ts';
import { readMessage } from '../read-message.ts';

/** Assets in one question. Of each, 64 KiB at most are read; a slow disk does that in time. */
export const MAX_QUESTION = 256;

/**
 * `{nonce, assets}` is answered by `{answers}`, one for each asset in the same order: 32 bytes, or null
 * from a node that does not have it whole. Any number of questions, one after another.
 */
export const CHALLENGE_PROTOCOL: Protocol = {
  name: '/ringfence/challenge/1',
  strangers: false,
  maxMessageBytes: 32_768,
  idleMs: 60_000,
  maxStreams: 1,
};

const bytesOf = (length: number) =>
  z.instanceof(Uint8Array).refine((bytes) => bytes.length === length);

const question = z.strictObject({
  nonce: bytesOf(16),
  assets: z.array(bytesOf(36)).min(1).max(MAX_QUESTION),
});

const answers = z.strictObject({ answers: z.array(bytesOf(32).nullable()).max(MAX_QUESTION) });

export interface Question {
  readonly nonce: Uint8Array;
  readonly assets: readonly Cid[];
}

export type Answers = readonly (Uint8Array | null)[];

export function encodeQuestion({ nonce, assets }: Question): Uint8Array {
  return encode({ nonce, assets: assets.map(cidToBytes) });
}

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeQuestion(message: Uint8Array): Question {
  const { nonce, assets } = readMessage(question, message);
  try {
    return { nonce, assets: assets.map(cidFromBytes) };
  } catch (cause) {
    throw invalid('a name is no CID', cause);
  }
}

export function encodeAnswers(list: Answers): Uint8Array {
  return encode({ answers: list });
}

/** @throws {ArchiveError} `peer_invalid`, also for another number of answers than was asked for. */
export function decodeAnswers(message: Uint8Array, count: number): Answers {
  const { answers: list } = readMessage(answers, message);
  if (list.length !== count) throw invalid(`${count} were asked for, ${list.length} answered`);
  return list;
}

function invalid(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('peer_invalid', `${CHALLENGE_PROTOCOL.name}: ${what}`, { cause });
}
