import { hash } from 'node:crypto';

const WORDS = 4;
const FIRST_SLOTS = 1024;

/**
 * Numbers for texts: the first text added is 0, the next new one 1, and so on.
 *
 * It keeps 128 bits of each text's SHA-256 in place of the text, so a path costs 24 to 48 bytes however
 * long it is, and nobody can write a catalogue whose paths collide.
 */
export class DigestTable {
  #size = 0;
  /** Open addressing, at most half full; holds the number plus one, 0 for an empty slot. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #digests = new Uint32Array((FIRST_SLOTS / 2) * WORDS);
  /** The digest that is looked for. */
  readonly #sought = new Uint32Array(WORDS);

  /** Returns the number of a text, a new one if it was never added. */
  add(text: string): number {
    const held = this.#slots[this.#seek(text)] ?? 0;
    if (held > 0) return held - 1;
    const number = this.#size;
    if ((number + 1) * WORDS > this.#digests.length) this.#grow();
    this.#digests.set(this.#sought, number * WORDS);
    this.#slots[this.#slotOf(this.#sought, 0)] = number + 1;
    this.#size += 1;
    return number;
  }

  find(text: string): number | undefined {
    const held = this.#slots[this.#seek(text)] ?? 0;
    return held > 0 ? held - 1 : undefined;
  }

  #seek(text: string): number {
    const digest = hash('sha256', text, 'buffer');
    for (let word = 0; word < WORDS; word += 1) {
      this.#sought[word] = digest.readUInt32LE(word * 4);
    }
    return this.#slotOf(this.#sought, 0);
  }

  /** Returns the slot of the digest that begins at `at` of `words`, or the empty one it belongs in. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = (words[at] ?? 0) & mask;
    for (;;) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0 || this.#holds(held - 1, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #holds(number: number, words: Uint32Array, at: number): boolean {
    for (let word = 0; word < WORDS; word += 1) {
      if (this.#digests[number * WORDS + word] !== words[at + word]) return false;
    }
    return true;
  }

  #grow(): void {
    const digests = new Uint32Array(this.#digests.length * 2);
    digests.set(this.#digests);
    this.#digests = digests;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#size; number += 1) {
      this.#slots[this.#slotOf(digests, number * WORDS)] = number + 1;
    }
  }
}
