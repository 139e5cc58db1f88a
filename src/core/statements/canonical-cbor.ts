import * as dagCbor from '@ipld/dag-cbor';

/**
 * Writes canonical DAG-CBOR (ipld.io/specs/codecs/dag-cbor): shortest lengths, map keys by length and
 * then by bytes. It gives the bytes that `@ipld/dag-cbor` gives, several times faster for the
 * small maps of short ASCII strings that the ledger is made of; whatever is unusual (numbers
 * that are no safe integers, keys that are not ASCII) is left to the library, for the whole value.
 */

const UNSIGNED = 0;
const NEGATIVE = 1 << 5;
const BYTES = 2 << 5;
const STRING = 3 << 5;
const ARRAY = 4 << 5;
const MAP = 5 << 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** Strings up to this length are copied letter by letter as long as they are ASCII. */
const SHORT = 96;

const text = new TextEncoder();

/** Thrown to hand the whole value to the library. */
const UNUSUAL = Symbol('unusual');

let buffer = new Uint8Array(65_536);
let length = 0;

/** Returns the canonical DAG-CBOR of plain data. @throws as `@ipld/dag-cbor` for what is none. */
export function encodeCanonical(value: unknown): Uint8Array {
  length = 0;
  try {
    write(value);
  } catch (error) {
    if (error !== UNUSUAL) throw error;
    return dagCbor.encode(value);
  }
  return buffer.slice(0, length);
}

function write(value: unknown): void {
  switch (typeof value) {
    case 'string':
      writeString(value);
      break;
    case 'number':
      writeInteger(value);
      break;
    case 'boolean':
      reserve(1);
      buffer[length++] = value ? TRUE : FALSE;
      break;
    case 'object':
      writeObject(value);
      break;
    default:
      throw UNUSUAL;
  }
}

function writeObject(value: object | null): void {
  if (value === null) {
    reserve(1);
    buffer[length++] = NULL;
  } else if (value instanceof Uint8Array) {
    writeHead(BYTES, value.length);
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  } else if (Array.isArray(value)) {
    writeHead(ARRAY, value.length);
    for (const item of value) write(item);
  } else {
    writeMap(value);
  }
}

function writeMap(map: object): void {
  const prototype: unknown = Object.getPrototypeOf(map);
  if (prototype !== Object.prototype && prototype !== null) throw UNUSUAL;
  const entries = Object.entries(map);
  for (const [key] of entries) if (!isAscii(key)) throw UNUSUAL;
  entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  writeHead(MAP, entries.length);
  for (const [key, value] of entries) {
    writeString(key);
    write(value);
  }
}

function writeInteger(value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw UNUSUAL;
  if (value >= 0) writeHead(UNSIGNED, value);
  else writeHead(NEGATIVE, -1 - value);
}

function writeString(value: string): void {
  if (value.length <= SHORT && writeAscii(value)) return;
  const bytes = text.encode(value);
  writeHead(STRING, bytes.length);
  reserve(bytes.length);
  buffer.set(bytes, length);
  length += bytes.length;
}

/** Writes the string and returns true, or writes nothing and returns false. */
function writeAscii(value: string): boolean {
  const start = length;
  writeHead(STRING, value.length);
  reserve(value.length);
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) {
      length = start;
      return false;
    }
    buffer[length++] = unit;
  }
  return true;
}

/** Writes a major type with its argument in the fewest bytes. */
function writeHead(major: number, argument: number): void {
  reserve(9);
  if (argument < 24) {
    buffer[length++] = major | argument;
    return;
  }
  const width = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  buffer[length++] = major | (24 + Math.log2(width));
  for (let shift = width - 1; shift >= 0; shift--) {
    buffer[length++] = Math.floor(argument / 2 ** (8 * shift)) % 256;
  }
}

function reserve(count: number): void {
  if (length + count <= buffer.length) return;
  const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
  larger.set(buffer.subarray(0, length));
  buffer = larger;
}

function isAscii(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 0x7f) return false;
  return true;
}
