import { CharacterWindows, collapseText } from './collapsed-text.ts';
import { Minhash } from './minhash.ts';
import { xxh32 } from './xxh32.ts';

const WINDOW = 13;

/** Returns the Text-Code of a text without markup, and how many characters it was made of. */
export function textCode(text: string): {
  readonly digest: Uint8Array;
  readonly characters: number;
} {
  const windows = new CharacterWindows(collapseText(text));
  const minhash = new Minhash();
  windows.forEach(WINDOW, (start, end) => minhash.add(xxh32(windows.bytes, start, end)));
  return { digest: minhash.digest(), characters: windows.characters };
}
