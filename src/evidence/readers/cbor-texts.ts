import { Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';

const DEEPEST = 64;
const BREAK = 0xff;

/** A text in a CBOR item, and the map key it stands under (also through arrays below that key). */
export interface KeyedText {
  readonly key: string;
  /** The map key under which the map stands that holds the key; empty at the top. */
  readonly parent: string;
  readonly text: string;
}

/**
 * Yields the texts of one CBOR item (RFC 8949) with their map keys; everything else is passed over.
 *
 * C2PA writes CBOR with tags, floats and indefinite lengths, which the strict decoder of DAG-CBOR
 * refuses; only texts are needed here, so they are walked instead of decoded.
 *
 * @throws {Unreadable} `malformed` if the bytes end early, `limit` below 64 levels.
 */
export function* cborTexts(bytes: Uint8Array): Generator<KeyedText> {
  yield* new CborWalk(toBuffer(bytes)).item('', '', 0);
}

interface ItemHead {
  readonly major: number;
  /** Length, count, tag or number; undefined if the length is indefinite. */
  readonly value: number | undefined;
}

class CborWalk {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  *item(key: string, parent: string, depth: number): Generator<KeyedText> {
    if (depth > DEEPEST) throw new Unreadable('limit', 'CBOR nested too deeply');
    const head = this.#head();
    if (head.major === 2) this.#text(head);
    else if (head.major === 3) yield { key, parent, text: this.#text(head) };
    else if (head.major === 4) yield* this.#array(head, key, parent, depth);
    else if (head.major === 5) yield* this.#map(head, key, depth);
    else if (head.major === 6) yield* this.item(key, parent, depth + 1);
  }

  *#array(head: ItemHead, key: string, parent: string, depth: number): Generator<KeyedText> {
    for (let left = head.value ?? Infinity; left > 0 && !this.#isBreak(head); left -= 1) {
      yield* this.item(key, parent, depth + 1);
    }
  }

  *#map(head: ItemHead, parent: string, depth: number): Generator<KeyedText> {
    for (let left = head.value ?? Infinity; left > 0 && !this.#isBreak(head); left -= 1) {
      const [key] = [...this.item('', '', depth + 1)];
      yield* this.item(key?.text ?? '', parent, depth + 1);
    }
  }

  /** Takes the byte that ends an item of indefinite length, if it stands here. */
  #isBreak(head: ItemHead): boolean {
    if (head.value !== undefined || this.#byte(this.#at) !== BREAK) return false;
    this.#at += 1;
    return true;
  }

  #text(head: ItemHead): string {
    if (head.value !== undefined) return this.#take(head.value).toString('utf8');
    const parts: string[] = [];
    while (!this.#isBreak(head)) parts.push(this.#take(this.#head().value ?? 0).toString('utf8'));
    return parts.join('');
  }

  #head(): ItemHead {
    const first = this.#byte(this.#at);
    this.#at += 1;
    const major = first >> 5;
    const info = first & 0x1f;
    if (info < 24) return { major, value: info };
    if (info === 31) return { major, value: undefined };
    if (info > 27) throw new Unreadable('malformed', 'CBOR with a length that is none');
    const width = 1 << (info - 24);
    const number = this.#take(width);
    return {
      major,
      value: width === 8 ? Number(number.readBigUInt64BE()) : number.readUIntBE(0, width),
    };
  }

  #byte(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new Unreadable('malformed', 'CBOR that ends early');
    return byte;
  }

  #take(length: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length < length) throw new Unreadable('malformed', 'CBOR that ends early');
    this.#at += length;
    return part;
  }
}
