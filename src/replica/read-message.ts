import * as dagCbor from '@ipld/dag-cbor';
import type { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import { faultOf } from '../core/foreign-data.ts';
import { decodeCanonical } from '../core/statements/decode-canonical.ts';

/**
 * Values in one message, keys among them. None of ours comes near it; four megabytes of empty lists would
 * keep a node busy for seconds before a schema sees them.
 */
const MAX_VALUES = 131_072;

/**
 * Returns what a message says; byte strings in it are views of the message.
 *
 * @throws {ArchiveError} `peer_invalid` naming what the message breaks.
 */
export function readMessage<T>(schema: z.ZodType<T>, message: Uint8Array): T {
  if (!hasFewValues(message)) {
    throw invalid(`a message of more than ${MAX_VALUES} values`);
  }
  let value: unknown;
  try {
    value = decodeCanonical(message, true) ?? dagCbor.decode(message);
  } catch (cause) {
    throw invalid('what is not DAG-CBOR', cause);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalid(`a message that breaks the protocol: ${faultOf(read.error)}`);
}

/** Counts the heads of CBOR's values (RFC 8949 §3), one after another, and makes nothing of them. */
function hasFewValues(message: Uint8Array): boolean {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let count = 0;
  for (let at = 0; at < message.length; count++) {
    if (count === MAX_VALUES) return false;
    const head = view.getUint8(at);
    const bytes = ARGUMENT_BYTES[head & 31] ?? 0;
    const isString = head >> 5 === 2 || head >> 5 === 3;
    // What is cut off here is for the decoder to find.
    if (at + 1 + bytes > message.length) return true;
    at += 1 + bytes + (isString ? argumentAt(view, at, bytes) : 0);
  }
  return true;
}

/** Bytes of the argument behind the head, where it is not in the head itself. */
const ARGUMENT_BYTES: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4, 27: 8 };

function argumentAt(view: DataView, at: number, bytes: number): number {
  switch (bytes) {
    case 1:
      return view.getUint8(at + 1);
    case 2:
      return view.getUint16(at + 1);
    case 4:
      return view.getUint32(at + 1);
    case 8:
      return Number(view.getBigUint64(at + 1));
    default:
      return view.getUint8(at) & 31;
  }
}

function invalid(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('peer_invalid', `the peer sent ${what}`, { cause });
}
