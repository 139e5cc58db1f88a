import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import type { Protocol } from '../../core/ports/network.ts';
import { readMessage } from '../read-message.ts';

/** Addresses of one member. */
export const MAX_ADDRESSES = 4;

/** Members of whom addresses are remembered, and told. */
export const MAX_KNOWN = 128;

/** Each side says where it and others are reached, in one message. */
export const INTRODUCTIONS: Protocol = {
  name: '/ringfence/introductions/1',
  strangers: false,
  maxMessageBytes: 196_608,
  idleMs: 10_000,
  maxStreams: 2,
};

const address = z.string().max(256);

const introduction = z.strictObject({
  /** Where the node that speaks is reached. */
  own: z.array(address).max(MAX_ADDRESSES),
  /** What other members have told it of themselves; each address ends in the key that it is of. */
  others: z.array(address).max(MAX_ADDRESSES * MAX_KNOWN),
});

export type Introduction = Readonly<z.output<typeof introduction>>;

export function encodeIntroduction({ own, others }: Introduction): Uint8Array {
  return dagCbor.encode({ own, others });
}

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeIntroduction(message: Uint8Array): Introduction {
  return readMessage(introduction, message);
}
