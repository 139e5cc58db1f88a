/**
 * A pack is a CAR version 1 file (https://ipld.io/specs/transport/car/carv1/): a header, then frames
 * of `varint length | CID | bytes`. Every block has a CIDv1 with sha2-256. A frame whose CID is an
 * identity hash is the store's own commit mark: blocks from outside can never have such a CID.
 *
 * Nothing but bytes here, and nothing is imported: the leaf workers load this file.
 */

/** The CAR header with the one root `bafkqaaa` (the empty block), since readers refuse to have none. */
export const PACK_HEADER: Uint8Array = Uint8Array.of(
  ...[0x19, 0xa2, 0x65, 0x72, 0x6f, 0x6f, 0x74, 0x73, 0x81, 0xd8, 0x2a, 0x45, 0x00],
  ...[0x01, 0x55, 0x00, 0x00, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x01],
);

export const DIGEST_BYTES = 32;

/** The greatest block that bitswap carries and `ipfs dag import` takes. */
export const MAX_BLOCK_BYTES = 2_097_152;

/** No frame head is longer: 4 bytes of length, 1 of version, 4 of codec, 2 and 128 of multihash. */
export const MAX_FRAME_HEAD_BYTES = 139;

const CID_VERSION = 1;
const SHA2_256 = 0x12;
const IDENTITY = 0x00;
const DAG_CBOR = 0x71;
const MAX_IDENTITY_BYTES = 128;

/** What a frame says before its bytes. Offsets count from the start of the frame. */
export interface FrameHead {
  readonly isMark: boolean;
  readonly codec: number;
  /** The sha2-256 of the block, or what a mark says: a view into the bytes that were read. */
  readonly digest: Uint8Array;
  readonly dataOffset: number;
  readonly dataLength: number;
}

/** Returns how many bytes stand before the bytes of a block in its frame. */
export function frameHeadLength(codec: number, dataLength: number): number {
  const cidLength = 1 + varintLength(codec) + 2 + DIGEST_BYTES;
  return varintLength(cidLength + dataLength) + cidLength;
}

/** Writes the head of a block's frame and returns where the block's bytes go. */
export function writeFrameHead(
  target: Uint8Array,
  start: number,
  block: { readonly codec: number; readonly digest: Uint8Array; readonly dataLength: number },
): number {
  const cidLength = 1 + varintLength(block.codec) + 2 + DIGEST_BYTES;
  let at = writeVarint(target, start, cidLength + block.dataLength);
  target[at] = CID_VERSION;
  at = writeVarint(target, at + 1, block.codec);
  target[at] = SHA2_256;
  target[at + 1] = DIGEST_BYTES;
  target.set(block.digest, at + 2);
  return at + 2 + DIGEST_BYTES;
}

/** Returns the whole frame of a mark: DAG-CBOR in an identity CID, and the same bytes as its block. */
export function markFrame(payload: Uint8Array): Uint8Array {
  const cidLength = 1 + varintLength(DAG_CBOR) + 2 + payload.length;
  const frame = new Uint8Array(
    varintLength(cidLength + payload.length) + cidLength + payload.length,
  );
  let at = writeVarint(frame, 0, cidLength + payload.length);
  frame[at] = CID_VERSION;
  at = writeVarint(frame, at + 1, DAG_CBOR);
  frame[at] = IDENTITY;
  frame[at + 1] = payload.length;
  frame.set(payload, at + 2);
  frame.set(payload, at + 2 + payload.length);
  return frame;
}

/**
 * Returns the frame head at `start`, or undefined if these bytes are none: a damaged one, or one cut
 * off by `end`. Give it {@link MAX_FRAME_HEAD_BYTES} bytes unless the file ends before.
 */
export function readFrameHead(
  bytes: Uint8Array,
  start: number,
  end: number = bytes.length,
): FrameHead | undefined {
  const frame = readVarint(bytes, start, end);
  if (frame === undefined || bytes[frame.end] !== CID_VERSION) return undefined;
  const codec = readVarint(bytes, frame.end + 1, end);
  if (codec === undefined) return undefined;
  const hash = bytes[codec.end];
  const digestLength = bytes[codec.end + 1] ?? 0;
  const digestStart = codec.end + 2;
  const dataStart = digestStart + digestLength;
  const dataLength = frame.value - (dataStart - frame.end);
  if (dataStart > end || dataLength < 0 || dataLength > MAX_BLOCK_BYTES) return undefined;
  const isMark = hash === IDENTITY && digestLength <= MAX_IDENTITY_BYTES;
  if (!isMark && (hash !== SHA2_256 || digestLength !== DIGEST_BYTES)) return undefined;
  if (isMark && (dataLength !== digestLength || codec.value !== DAG_CBOR)) return undefined;
  return {
    isMark,
    codec: codec.value,
    digest: bytes.subarray(digestStart, dataStart),
    dataOffset: dataStart - start,
    dataLength,
  };
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

export function writeVarint(target: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    target[at] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    at += 1;
  }
  target[at] = rest;
  return at + 1;
}

/** Lengths and codecs of a pack take four bytes at most; a longer number is damage. */
function readVarint(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const at = start + shift / 7;
    const byte = at < end ? bytes[at] : undefined;
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << shift;
    // A number has one spelling: no empty last byte.
    if (byte < 0x80) return byte === 0 && shift > 0 ? undefined : { value, end: at + 1 };
  }
  return undefined;
}
