import { varint } from 'multiformats';
import { ArchiveError } from '../core/errors.ts';

/** One field of a protobuf message: its number, and what it holds, by the way it is written. */
interface Field {
  readonly number: number;
  readonly value: number;
  readonly body: Uint8Array;
}

/** https://protobuf.dev/programming-guides/encoding/: the ways of the messages that are read here. */
const WIRE = { varint: 0, bytes: 2 } as const;

const NO_BODY = new Uint8Array();

/** More of them are sent to keep the reader busy. */
const MOST_FIELDS = 65_536;

/** Yields the fields of a message; bodies are views into it. @throws {ArchiveError} `peer_invalid`. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let count = 0;
  for (let at = 0; at < message.length; ) {
    count += 1;
    if (count > MOST_FIELDS) throw malformed(`more than ${MOST_FIELDS} fields`);
    const key = readNumber(message, at);
    const read = readNumber(message, key.end);
    const number = key.value >>> 3;
    at = read.end;
    switch (key.value & 7) {
      case WIRE.varint:
        yield { number, value: read.value, body: NO_BODY };
        break;
      case WIRE.bytes:
        at += read.value;
        if (at > message.length) throw malformed('a field ends behind it');
        yield { number, value: 0, body: message.subarray(read.end, at) };
        break;
      default:
        throw malformed(`wire type ${key.value & 7}`);
    }
  }
}

/** Returns a field that holds bytes or a message, given in pieces: joined they are the field. */
export function bytesField(number: number, body: readonly Uint8Array[]): readonly Uint8Array[] {
  const byteLength = body.reduce((sum, piece) => sum + piece.length, 0);
  return [encodeNumber((number << 3) | WIRE.bytes), encodeNumber(byteLength), ...body];
}

export function numberField(number: number, value: number): readonly Uint8Array[] {
  return [encodeNumber((number << 3) | WIRE.varint), encodeNumber(value)];
}

/** Returns a number as it stands before a body or a message. */
export function encodeNumber(value: number): Uint8Array {
  return varint.encodeTo(value, new Uint8Array(varint.encodingLength(value)));
}

/** Of numbers over 32 bits (negative ones have ten bytes) only these are read: nobody looks at them. */
function readNumber(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < start + 10; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    if (at < start + 5) value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw malformed('a number without an end');
}

function malformed(what: string): ArchiveError {
  return new ArchiveError('peer_invalid', `this is no protobuf message: ${what}`);
}
