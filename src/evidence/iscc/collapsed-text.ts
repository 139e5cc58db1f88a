/**
 * Returns a text as its code is made of it (ISO 24138): without white space, control characters, marks
 * and punctuation, in lower case, in Unicode form NFKC.
 */
export function collapseText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\s+/gu, '')
    .toLowerCase()
    .replace(/[\p{C}\p{M}\p{P}]+/gu, '')
    .normalize('NFKC');
}

/** A text as UTF-8 with the place of each character, for windows of so many characters. */
export class CharacterWindows {
  readonly bytes: Uint8Array;
  readonly characters: number;
  readonly #starts: Uint32Array;

  constructor(text: string) {
    this.bytes = new TextEncoder().encode(text);
    this.#starts = new Uint32Array(this.bytes.length + 1);
    let characters = 0;
    for (const [at, byte] of this.bytes.entries()) {
      if ((byte & 0xc0) === 0x80) continue;
      this.#starts[characters] = at;
      characters += 1;
    }
    this.#starts[characters] = this.bytes.length;
    this.characters = characters;
  }

  /** Calls `take` with the bounds of every window in `bytes`; a shorter text is one window. */
  forEach(width: number, take: (start: number, end: number) => void): void {
    const last = Math.max(this.characters - width, 0);
    for (let at = 0; at <= last; at += 1) {
      const end = Math.min(at + width, this.characters);
      take(this.#starts[at] ?? 0, this.#starts[end] ?? 0);
    }
  }
}
