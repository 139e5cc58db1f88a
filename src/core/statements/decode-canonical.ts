import {
  ARRAY,
  BYTES,
  FALSE,
  MAP,
  MAX_DEPTH,
  NEGATIVE,
  NULL,
  STRING,
  TRUE,
  UNSIGNED,
} from './canonical-cbor.ts';

/**
 * Reads canonical DAG-CBOR several times faster than the library reads it and its form is checked
 * afterwards, for what the ledger is made of. Whatever is unusual (floats, keys that are not ASCII) or
 * wrong is left to the library.
 */

/** Strings up to this length are put together letter by letter as long as they are ASCII. */
const SHORT = 24;

/** Keys read lately, each in the slot that its length and three of its letters give. */
const SLOTS = 1_024;
const knownKeys: (string | undefined)[] = new Array(SLOTS).fill(undefined);

/** Set as a property it would not be an own one. */
const PROTOTYPE = '__proto__';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown to leave the whole block to the library. */
const UNUSUAL = Symbol('unusual');

/**
 * Returns the value of a block that keeps the rules of the ledger; undefined if that is not certain.
 * Byte strings in it are copies, or `asViews` of `bytes`, for what is not kept longer than these.
 */
export function decodeCanonical(bytes: Uint8Array, asViews = false): unknown {
  const reader = new Reader(bytes, asViews);
  try {
    const value = reader.value(0);
    return reader.isAtEnd ? value : undefined;
  } catch (error) {
    // A text that is no UTF-8 is a TypeError of the decoder.
    if (error === UNUSUAL || error instanceof TypeError) return undefined;
    throw error;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #asViews: boolean;
  #at = 0;

  constructor(bytes: Uint8Array, asViews: boolean) {
    this.#bytes = bytes;
    this.#asViews = asViews;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const initial = this.#byte();
    if (initial === NULL) return null;
    if (initial === TRUE) return true;
    if (initial === FALSE) return false;
    const argument = this.#argument(initial & 31);
    switch (initial & 0xe0) {
      case UNSIGNED:
        return argument;
      case NEGATIVE:
        if (argument === Number.MAX_SAFE_INTEGER) throw UNUSUAL;
        return -1 - argument;
      case BYTES:
        return this.#asViews ? this.#take(argument) : this.#take(argument).slice();
      case STRING:
        return this.#string(argument);
      case ARRAY:
        return this.#list(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      default:
        throw UNUSUAL;
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw UNUSUAL;
    return byte;
  }

  /** Takes a number in the fewest bytes only. */
  #argument(information: number): number {
    if (information < 24) return information;
    if (information > 27) throw UNUSUAL;
    const width = 2 ** (information - 24);
    let argument = 0;
    for (let i = 0; i < width; i++) argument = argument * 256 + this.#byte();
    const least = width === 1 ? 24 : 2 ** (4 * width);
    if (argument < least || argument > Number.MAX_SAFE_INTEGER) throw UNUSUAL;
    return argument;
  }

  #take(length: number): Uint8Array {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw UNUSUAL;
    return this.#bytes.subarray(start, this.#at);
  }

  #string(length: number): string {
    const short = length <= SHORT ? this.#ascii(length) : undefined;
    return short ?? text.decode(this.#take(length));
  }

  /** Returns undefined, and takes nothing, if there are other letters. */
  #ascii(length: number): string | undefined {
    const bytes = this.#bytes;
    const end = this.#at + length;
    let letters = '';
    for (let at = this.#at; at < end; at++) {
      const byte = bytes[at];
      if (byte === undefined) throw UNUSUAL;
      if (byte > 0x7f) return undefined;
      letters += String.fromCharCode(byte);
    }
    this.#at = end;
    return letters;
  }

  /** Takes a key; a known one is compared instead of put together, and is found faster in objects. */
  #key(length: number): string | undefined {
    const letter = (place: number) => this.#bytes[this.#at + place] ?? 0;
    const mixed =
      131 * length + 17 * letter(0) + 29 * letter(length >> 1) + 257 * letter(length - 1);
    const slot = mixed % SLOTS;
    const known = knownKeys[slot];
    if (known?.length === length && this.#isNext(known)) {
      this.#at += length;
      return known;
    }
    const key = this.#ascii(length);
    if (key !== undefined && length <= SHORT) [knownKeys[slot]] = Object.keys({ [key]: 0 });
    return key;
  }

  #isNext(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #list(length: number, depth: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.value(depth + 1));
    return list;
  }

  /** Keys stand in ascending order, shorter ones first, so none is there twice. */
  #map(length: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    let last = '';
    for (let i = 0; i < length; i++) {
      const initial = this.#byte();
      if ((initial & 0xe0) !== STRING) throw UNUSUAL;
      const key = this.#key(this.#argument(initial & 31));
      if (key === undefined || key === PROTOTYPE) throw UNUSUAL;
      const isAscending = key.length > last.length || (key.length === last.length && key > last);
      if (i > 0 && !isAscending) throw UNUSUAL;
      last = key;
      map[key] = this.value(depth + 1);
    }
    return map;
  }
}
