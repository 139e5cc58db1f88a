import { CharacterWindows, collapseText } from './collapsed-text.ts';
import { Minhash } from './minhash.ts';
import { xxh32 } from './xxh32.ts';

const WINDOW = 13;

/** Different passages are counted no further: a text that has so many has enough to compare. */
const MOST_COUNTED = 10_000;

/**
 * Returns the Text-Code of a text without markup, of how many characters it was made, and how many
 * different passages of 13 characters they are: a line that is repeated is like every other text of it.
 */
export function textCode(text: string): {
  readonly digest: Uint8Array;
  readonly characters: number;
  readonly passages: number;
} {
  const windows = new CharacterWindows(collapseText(text));
  const minhash = new Minhash();
  const different = new Set<number>();
  windows.forEach(WINDOW, (start, end) => {
    const hash = xxh32(windows.bytes, start, end);
    minhash.add(hash);
    if (different.size < MOST_COUNTED) different.add(hash);
  });
  return {
    ...{ digest: minhash.digest(), characters: windows.characters },
    passages: different.size,
  };
}
