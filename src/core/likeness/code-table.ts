import { createWasmFunction, NO_RESULT, OP, type WasmFunction } from '../wasm-function.ts';

export const CODE_BYTES = 32;
const WORDS = 4;
/** The code that is looked for lies before the others. */
const FIRST = 64;
const PAGE_BYTES = 65_536;

/**
 * Codes of 256 bits in the order in which they were added, 32 bytes each, and which of them are within
 * so many bits of another: all are compared, a million in a few milliseconds, so nothing is missed.
 */
export class CodeTable {
  readonly #scan: WasmFunction;
  #bytes = new Uint8Array();
  #size = 0;

  constructor() {
    this.#scan = createScan();
    this.#bytes = new Uint8Array(this.#scan.memory.buffer);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of memory that the codes take. */
  get memoryBytes(): number {
    return this.#bytes.length;
  }

  add(code: Uint8Array): void {
    const at = FIRST + CODE_BYTES * this.#size;
    if (at + CODE_BYTES > this.#bytes.length) {
      this.#scan.memory.grow(Math.ceil(this.#bytes.length / PAGE_BYTES / 2));
      this.#bytes = new Uint8Array(this.#scan.memory.buffer);
    }
    this.#bytes.set(code.subarray(0, CODE_BYTES), at);
    this.#size += 1;
  }

  /** Returns the places of all codes that differ from this one in at most so many bits. */
  within(code: Uint8Array, most: number): readonly number[] {
    this.#bytes.set(code, 0);
    const places: number[] = [];
    const end = FIRST + CODE_BYTES * this.#size;
    for (let at = FIRST; ; at += CODE_BYTES) {
      at = this.#scan.call(at, end, most);
      if (at >= end) return places;
      places.push((at - FIRST) / CODE_BYTES);
    }
  }

  /** Returns in how many bits the code at a place differs from this one. */
  distance(place: number, code: Uint8Array): number {
    const at = FIRST + CODE_BYTES * place;
    let bits = 0;
    for (let byte = 0; byte < CODE_BYTES; byte += 1) {
      let rest = (this.#bytes[at + byte] ?? 0) ^ (code[byte] ?? 0);
      for (; rest !== 0; rest &= rest - 1) bits += 1;
    }
    return bits;
  }
}

/** Returns `(at, end, most) => at`: where the first code within `most` bits begins, or the end. */
function createScan(): WasmFunction {
  const [at, end, most] = [0, 1, 2] as const;
  const wordAt = (word: number) => 3 + word;
  const words = Array.from({ length: WORDS }, (_, word) => word);
  const get = (local: number) => [OP.local_get, local];
  const loadWord = (word: number) => [
    ...[OP.i32_const, 8 * word, OP.i64_load, 3, 0, OP.local_set, wordAt(word)],
  ];
  const bitsOff = (word: number) => [
    ...[...get(at), OP.i64_load, 3, 8 * word, ...get(wordAt(word)), OP.i64_xor, OP.i64_popcnt],
    ...(word === 0 ? [] : [OP.i64_add]),
  ];
  return createWasmFunction(
    3,
    { i32: 0, i64: WORDS },
    [
      ...words.flatMap(loadWord),
      ...[OP.block, NO_RESULT, OP.loop, NO_RESULT],
      ...[...get(at), ...get(end), OP.i32_ge_u, OP.br_if, 1],
      ...words.flatMap(bitsOff),
      ...[OP.i32_wrap_i64, ...get(most), OP.i32_le_u, OP.br_if, 1],
      ...[...get(at), OP.i32_const, CODE_BYTES, OP.i32_add, OP.local_set, at, OP.br, 0],
      ...[OP.end, OP.end],
      ...get(at),
    ],
    PAGE_BYTES,
  );
}
