import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import { CODEC } from '../../core/cid.ts';
import { listOf } from '../../core/foreign-data.ts';
import type { Leaf } from '../../core/ports/ledger-feed.ts';
import type { Protocol } from '../../core/ports/network.ts';
import { encodeCanonical } from '../../core/statements/canonical-cbor.ts';
import { readMessage } from '../read-message.ts';

/**
 * The conversation in which one node takes what another has accepted (ledger.md §7).
 *
 * The puller asks, the server answers each request in turn: `hello` with its signed head, `leaves` with
 * a page of its log and the proof that it is a page of what the head signs, `want` with the bodies
 * that the puller lacks, `records` with records that did not come with them. Messages are DAG-CBOR maps.
 */
export const FEED: Protocol = {
  name: '/ringfence/feed/1',
  strangers: false,
  maxMessageBytes: 4 * 1_048_576,
  idleMs: 30_000,
  maxStreams: 2,
};

/** Leaves in one page, and bodies in one request. */
export const MAX_LEAVES = 4_096;

/** Records asked for in one request. */
export const MAX_RECORDS = 4_096;

const LEAF_BYTES = 36;
const HASH_BYTES = 32;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes');
const natural = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const leaf = bytes
  .refine((value) => value.length === LEAF_BYTES, 'must be the 36 bytes of a CID')
  .refine(areCids, 'must be a CID of DAG-CBOR');
const leaves = bytes
  .refine((value) => value.length % LEAF_BYTES === 0, 'must be CIDs of 36 bytes')
  .refine((value) => value.length <= MAX_LEAVES * LEAF_BYTES, `holds more than ${MAX_LEAVES}`)
  .refine(areCids, 'must be CIDs of DAG-CBOR')
  .transform((value) => split(value, LEAF_BYTES));
const proof = bytes
  .refine((value) => value.length % HASH_BYTES === 0, 'must be hashes of 32 bytes')
  .refine((value) => value.length <= 128 * HASH_BYTES, 'is longer than any proof')
  .transform((value) => split(value, HASH_BYTES));

const request = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    /** The archive's address. */
    archive: z.string().max(128),
    /** The newest head that was seen of this node; empty and 0 where none was. */
    origin: z.string().max(256),
    size: natural,
  }),
  z.strictObject({ type: z.literal('leaves'), since: natural, limit: natural.max(MAX_LEAVES) }),
  z.strictObject({ type: z.literal('want'), leaves }),
  z.strictObject({
    type: z.literal('records'),
    of: z.array(z.strictObject({ leaf, records: leaves })).max(MAX_RECORDS),
  }),
]);

const codec = z.custom<number>(
  (value) => value === CODEC.raw || value === CODEC.dagCbor,
  'must be raw or dag-cbor',
);

/** A raw or dag-cbor block: the number of its codec and its bytes. */
const block = z.tuple([codec, bytes]);

/**
 * A piece of an entry with what belongs to it. The first one has the entry, unless it is not there or
 * only records of it were asked for.
 */
const body = z.strictObject({
  entry: bytes.nullable(),
  blocks: listOf(block),
  // There are thousands, so they are looked at in one go.
  records: z.custom<readonly Uint8Array[]>(isListOfBytes, 'must be a list of bytes'),
  last: z.boolean(),
});

const reply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('head'), note: z.string().max(8_192), proof }),
  z.strictObject({ type: z.literal('leaves'), leaves, proof }),
  z.strictObject({ type: z.literal('bodies'), bodies: listOf(body) }),
  /** It does not answer, and why. */
  z.strictObject({ type: z.literal('refused'), text: z.string().max(1_024) }),
]);

export type Request = z.output<typeof request>;
export type Reply = z.output<typeof reply>;
export type BodyPart = z.output<typeof body>;

/** What is sent; lists of leaves and hashes are written one after another. */
type Sent<T> = T extends unknown ? { readonly [K in keyof T]: SentValue<T[K]> } : never;
type SentValue<V> = V extends readonly Uint8Array[]
  ? V | Uint8Array
  : V extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : V;

export function encodeMessage(message: Sent<Request> | Sent<Reply>): Uint8Array {
  return encodeCanonical(message) ?? dagCbor.encode(message);
}

/** @throws {ArchiveError} `peer_invalid` naming what the message breaks. */
export function decodeRequest(message: Uint8Array): Request {
  return readMessage(request, message);
}

/** @throws {ArchiveError} `peer_invalid` naming what the message breaks. */
export function decodeReply(message: Uint8Array): Reply {
  return readMessage(reply, message);
}

/** Returns leaves or hashes as they are sent: one after another. */
export function joined(items: readonly Uint8Array[]): Uint8Array {
  const size = items[0]?.length ?? 0;
  const all = new Uint8Array(items.length * size);
  for (const [i, item] of items.entries()) all.set(item, i * size);
  return all;
}

export function leafKey(one: Leaf): string {
  return String.fromCharCode(...one);
}

/** What every entry and record is named by: version 1, dag-cbor, sha2-256 of 32 bytes. */
const CID_PREFIX = [0x01, CODEC.dagCbor, 0x12, 0x20];

function areCids(all: Uint8Array): boolean {
  return split(all, LEAF_BYTES).every((one) => CID_PREFIX.every((byte, at) => one[at] === byte));
}

function isListOfBytes(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => item instanceof Uint8Array);
}

function split(all: Uint8Array, size: number): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += size) items.push(all.subarray(at, at + size));
  return items;
}
