import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { VerdictClaim } from '../../core/ports/exchange.ts';
import { did } from '../../core/statements/fields.ts';

/**
 * A feed as a file: frames of a length (4 bytes, big-endian) and as many bytes of DAG-CBOR. The first is
 * the head below, then come all leaves of the log in messages `leaves` of the feed protocol, then the
 * entries from `since` on, each in one or more messages `bodies` of it, then 32 bytes: the SHA-256 of
 * everything before them.
 */
const fileHead = z.strictObject({
  type: z.literal('ringfence-feed/1'),
  /** The archive's address. */
  address: z.string().max(128),
  by: did,
  since: z.number().int().nonnegative(),
  size: z.number().int().nonnegative(),
  note: z.string().max(8_192),
  /** See `VerdictClaim`; only where the file is to show a verdict. */
  claim: z
    .strictObject({
      papers: z.array(z.instanceof(Uint8Array)).min(2).max(256),
      verdict: z.string().max(1_048_576),
      confirmed: z
        .strictObject({ note: z.string().max(8_192), lines: z.array(z.string().max(8_192)) })
        .nullable(),
    })
    .exactOptional(),
});

export type FeedFileHead = z.output<typeof fileHead>;

/** As the feed protocol bounds its messages. */
const MAX_FRAME_BYTES = 4 * 1_048_576;

export function encodeHead(
  head: Omit<FeedFileHead, 'claim'> & { readonly claim?: VerdictClaim },
): Uint8Array {
  return dagCbor.encode(head);
}

/** @throws {ArchiveError} `input_invalid`. */
export function decodeHead(bytes: Uint8Array): FeedFileHead {
  try {
    return fileHead.parse(dagCbor.decode(bytes));
  } catch (cause) {
    throw damaged('is no export of a ledger: it does not begin as one', cause);
  }
}

export function framed(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length);
  frame.set(bytes, 4);
  return frame;
}

/** Returns the length that stands before a frame. @throws {ArchiveError} `input_invalid`. */
export function lengthOf(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  if (length === 0 || length > MAX_FRAME_BYTES) {
    throw damaged('is no export of a ledger, or damaged: a length in it cannot be');
  }
  return length;
}

export function damaged(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('input_invalid', `this file ${problem}; have it exported again`, {
    cause,
  });
}
