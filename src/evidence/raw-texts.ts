import type { Finding } from '../core/ports/inspector.ts';

const PER_TEXT = 64 * 1024;
const IN_ALL = 256 * 1024;
const MOST_TEXTS = 128;

type RawText = Finding['raw'][number];

/** Collects the raw text of a finding: 64 KiB of UTF-8 for each text, 256 KiB and 128 texts in all. */
export class RawTexts {
  readonly #texts: RawText[] = [];
  #left = IN_ALL;

  add(where: string, text: string, isCut = false): void {
    if (this.#left === 0 || this.#texts.length === MOST_TEXTS) return;
    const kept = cutText(text, Math.min(PER_TEXT, this.#left));
    this.#left -= Buffer.byteLength(kept);
    this.#texts.push({ where, text: kept, truncated: isCut || kept.length < text.length });
  }

  get all(): readonly RawText[] {
    return this.#texts;
  }
}

/** Returns the longest start of `text` that fits into `bytes` bytes of UTF-8, always well-formed. */
function cutText(text: string, bytes: number): string {
  const start = text.slice(0, bytes).toWellFormed();
  if (Buffer.byteLength(start) <= bytes) return start;
  return start.slice(0, new TextEncoder().encodeInto(start, new Uint8Array(bytes)).read);
}
