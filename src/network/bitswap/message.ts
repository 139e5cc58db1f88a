import { bytesField, fieldsOf, numberField } from '../protobuf.ts';

/** https://specs.ipfs.tech/bitswap-protocol/: what is wanted, blocks, and what is here, in one message. */
export interface BitswapMessage {
  /** These wants take the place of all that were sent before. */
  readonly isFull: boolean;
  readonly wants: readonly Want[];
  readonly blocks: readonly SentBlock[];
  readonly presences: readonly Presence[];
}

export interface Want {
  /** The bytes of a CID, of any version, codec and hash. */
  readonly cid: Uint8Array;
  readonly isCancelled: boolean;
  /** Asks whether the block is here, not for the block. */
  readonly isHave: boolean;
  /** Asks to be told that the block is not here. */
  readonly sendDontHave: boolean;
}

/** A block, and its CID but for the digest. */
export interface SentBlock {
  readonly prefix: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface Presence {
  readonly cid: Uint8Array;
  readonly isHere: boolean;
}

/** Wants and presences read from one message; further ones are left out. */
const MOST_ENTRIES = 4_096;

/** Longer CIDs carry their block in themselves. */
const MAX_CID_BYTES = 128;

const FIELD = {
  message: { wantlist: 1, payload: 3, presences: 4 },
  wantlist: { entries: 1, full: 2 },
  entry: { cid: 1, priority: 2, cancel: 3, type: 4, sendDontHave: 5 },
  block: { prefix: 1, data: 2 },
  presence: { cid: 1, type: 2 },
} as const;

const WANT_HAVE = 1;
const DONT_HAVE = 1;

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeMessage(message: Uint8Array): BitswapMessage {
  const wants: Want[] = [];
  const blocks: SentBlock[] = [];
  const presences: Presence[] = [];
  let isFull = false;
  for (const { number, body } of fieldsOf(message)) {
    if (number === FIELD.message.wantlist) isFull ||= readWantlist(body, wants);
    else if (number === FIELD.message.payload) blocks.push(decodeBlock(body));
    else if (number === FIELD.message.presences && presences.length < MOST_ENTRIES) {
      presences.push(decodePresence(body));
    }
  }
  return { isFull, wants, blocks, presences };
}

export function encodeMessage(message: Partial<BitswapMessage>): Uint8Array {
  const { isFull = false, wants = [], blocks = [], presences = [] } = message;
  const wantlist = wants.flatMap((want) => bytesField(FIELD.wantlist.entries, encodeWant(want)));
  if (isFull) wantlist.push(...numberField(FIELD.wantlist.full, 1));
  return Buffer.concat([
    ...bytesField(FIELD.message.wantlist, wantlist),
    ...blocks.flatMap((block) => bytesField(FIELD.message.payload, encodeBlock(block))),
    ...presences.flatMap((one) => bytesField(FIELD.message.presences, encodePresence(one))),
  ]);
}

/** Adds what is wanted to `wants`, and says whether it is all that is. */
function readWantlist(message: Uint8Array, wants: Want[]): boolean {
  let isFull = false;
  for (const { number, value, body } of fieldsOf(message)) {
    if (number === FIELD.wantlist.full) isFull = value !== 0;
    else if (number === FIELD.wantlist.entries && wants.length < MOST_ENTRIES) {
      const want = decodeWant(body);
      if (want.cid.length > 0 && want.cid.length <= MAX_CID_BYTES) wants.push(want);
    }
  }
  return isFull;
}

function decodeWant(message: Uint8Array): Want {
  let want: Want = {
    cid: new Uint8Array(),
    isCancelled: false,
    isHave: false,
    sendDontHave: false,
  };
  for (const { number, value, body } of fieldsOf(message)) {
    // A copy: it is remembered, and the message it came in is not.
    if (number === FIELD.entry.cid) want = { ...want, cid: Uint8Array.from(body) };
    else if (number === FIELD.entry.cancel) want = { ...want, isCancelled: value !== 0 };
    else if (number === FIELD.entry.type) want = { ...want, isHave: value === WANT_HAVE };
    else if (number === FIELD.entry.sendDontHave) want = { ...want, sendDontHave: value !== 0 };
  }
  return want;
}

function encodeWant({ cid, isCancelled, isHave, sendDontHave }: Want): readonly Uint8Array[] {
  return [
    ...bytesField(FIELD.entry.cid, [cid]),
    ...numberField(FIELD.entry.priority, 1),
    ...numberField(FIELD.entry.cancel, Number(isCancelled)),
    ...numberField(FIELD.entry.type, isHave ? WANT_HAVE : 0),
    ...numberField(FIELD.entry.sendDontHave, Number(sendDontHave)),
  ];
}

function decodeBlock(message: Uint8Array): SentBlock {
  let block: SentBlock = { prefix: new Uint8Array(), bytes: new Uint8Array() };
  for (const { number, body } of fieldsOf(message)) {
    if (number === FIELD.block.prefix) block = { ...block, prefix: body };
    else if (number === FIELD.block.data) block = { ...block, bytes: body };
  }
  return block;
}

function encodeBlock({ prefix, bytes }: SentBlock): readonly Uint8Array[] {
  return [...bytesField(FIELD.block.prefix, [prefix]), ...bytesField(FIELD.block.data, [bytes])];
}

function decodePresence(message: Uint8Array): Presence {
  let presence: Presence = { cid: new Uint8Array(), isHere: true };
  for (const { number, value, body } of fieldsOf(message)) {
    if (number === FIELD.presence.cid) presence = { ...presence, cid: body };
    else if (number === FIELD.presence.type)
      presence = { ...presence, isHere: value !== DONT_HAVE };
  }
  return presence;
}

function encodePresence({ cid, isHere }: Presence): readonly Uint8Array[] {
  return [
    ...bytesField(FIELD.presence.cid, [cid]),
    ...numberField(FIELD.presence.type, isHere ? 0 : DONT_HAVE),
  ];
}
