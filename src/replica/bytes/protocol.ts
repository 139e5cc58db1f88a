import { encode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { type Cid, cidFromBytes, cidToBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Protocol } from '../../core/ports/network.ts';
import { readMessage } from '../read-message.ts';

/** The greatest block that travels, as in the packs. */
const MAX_BLOCK_BYTES = 2_097_152;

/** A frame's length and CID. */
const FRAME_HEAD_BYTES = 4 + 36;

/** Frames are sent together up to about this size. */
const MESSAGE_BYTES = 1_048_576;

/**
 * A node asks for assets, and gets the blocks of each in the order of its DAG, parents first: what
 * comes next is always known, so nothing else is taken.
 *
 * A message of the one who asks is DAG-CBOR, `{asks: [{root, from, parts}]}`. One of the one who
 * serves is either a zero byte and CAR frames (`varint length | CID | bytes`), across the assets
 * asked for, or DAG-CBOR `{refused: root, because}`, after which the next asset begins.
 */
export const BYTES_PROTOCOL: Protocol = {
  name: '/ringfence/bytes/1',
  strangers: false,
  maxMessageBytes: 1 + MESSAGE_BYTES + FRAME_HEAD_BYTES + MAX_BLOCK_BYTES,
  idleMs: 60_000,
  maxStreams: 4,
};

/** Assets in one message, and parts of one asset. */
const MAX_ASKS = 256;
export const MAX_PARTS = 2048;

/** Why a node does not send an asset. */
const REASONS = ['not-held', 'not-allowed', 'damaged'] as const;
export type RefusalReason = (typeof REASONS)[number];

/** What is asked of one asset. */
export interface Ask {
  readonly root: Cid;
  /** How many blocks of it are left out, the first ones in the order of its DAG. */
  readonly from: number;
  /** Only these blocks, in that order; all of them where it is empty. */
  readonly parts: readonly Cid[];
}

export type Served =
  | { readonly frames: Uint8Array }
  | { readonly refused: Cid; readonly because: RefusalReason };

const cidBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length === 36);

const asks = z.strictObject({
  asks: z
    .array(
      z.strictObject({
        root: cidBytes,
        from: z.int().min(0),
        parts: z.array(cidBytes).max(MAX_PARTS),
      }),
    )
    .min(1)
    .max(MAX_ASKS),
});

const refusal = z.strictObject({ refused: cidBytes, because: z.enum(REASONS) });

export function encodeAsks(list: readonly Ask[]): Uint8Array {
  return encode({
    asks: list.map(({ root, from, parts }) => {
      return { root: cidToBytes(root), from, parts: parts.map(cidToBytes) };
    }),
  });
}

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeAsks(message: Uint8Array): readonly Ask[] {
  return readMessage(asks, message).asks.map(({ root, from, parts }) => {
    return { root: toCid(root), from, parts: parts.map(toCid) };
  });
}

export function encodeRefusal(root: Cid, because: RefusalReason): Uint8Array {
  return encode({ refused: cidToBytes(root), because });
}

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeServed(message: Uint8Array): Served {
  if (message[0] === 0) return { frames: message.subarray(1) };
  const { refused, because } = readMessage(refusal, message);
  return { refused: toCid(refused), because };
}

/** Room for a block beyond {@link MESSAGE_BYTES}, so that few messages need another buffer. */
const HEADROOM_BYTES = 65_536;

/** Frames that wait to be sent in one message. Blocks are read to where they leave from. */
export class FrameBuffer {
  /** The one being filled, and the one given away last. */
  readonly #messages = [0, 1].map(() => Buffer.alloc(1));
  #used = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  get isFull(): boolean {
    return this.#used >= MESSAGE_BYTES;
  }

  get byteLength(): number {
    return this.#used;
  }

  /** Adds the head of a block's frame and returns where the block's bytes go. */
  add(cid: Cid, byteLength: number): Uint8Array {
    const start = Math.max(1, this.#used);
    const message = this.#messageOf(start + FRAME_HEAD_BYTES + byteLength);
    const at = writeVarint(message, start, 36 + byteLength);
    message.set(cidToBytes(cid), at);
    this.#used = at + 36 + byteLength;
    return message.subarray(at + 36, this.#used);
  }

  /** Takes back what was added behind so many bytes. */
  cutTo(byteLength: number): void {
    this.#used = byteLength;
  }

  /** Returns the message, whose bytes are used again for the next but one, and begins an empty one. */
  take(): Uint8Array {
    const message = this.#messageOf(0).subarray(0, this.#used);
    this.#messages.reverse();
    this.#used = 0;
    return message;
  }

  #messageOf(byteLength: number): Uint8Array {
    const [message = Buffer.alloc(1)] = this.#messages;
    if (byteLength <= message.length) return message;
    const larger = Buffer.alloc(Math.max(byteLength, MESSAGE_BYTES + HEADROOM_BYTES));
    larger.set(message.subarray(0, this.#used));
    this.#messages[0] = larger;
    return larger;
  }
}

/** Yields the blocks in frames. @throws {ArchiveError} `peer_invalid`. */
export function* blocksIn(
  frames: Uint8Array,
): Generator<{ readonly cid: Uint8Array; readonly bytes: Uint8Array }> {
  for (let at = 0; at < frames.length; ) {
    const { value, end } = readVarint(frames, at);
    const next = end + value;
    if (value < 36 || value > 36 + MAX_BLOCK_BYTES || next > frames.length) {
      throw invalid('a frame has no sound length');
    }
    yield { cid: frames.subarray(end, end + 36), bytes: frames.subarray(end + 36, next) };
    at = next;
  }
}

export function invalid(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('peer_invalid', `${BYTES_PROTOCOL.name}: ${what}`, { cause });
}

function toCid(bytes: Uint8Array): Cid {
  try {
    return cidFromBytes(bytes);
  } catch (cause) {
    throw invalid('a name is no CID', cause);
  }
}

function writeVarint(target: Uint8Array, start: number, value: number): number {
  let at = start;
  for (let rest = value; ; rest >>>= 7) {
    target[at] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80;
    at += 1;
    if (rest < 0x80) return at;
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw invalid('a frame has no sound length');
}
