import { describe, expect, it } from 'vitest';
import { bytesText, durationText, printable } from '../../src/cli/printable.ts';

describe('printable', () => {
  it.each([
    ['a\nb', 'a\\x0ab'],
    ['\x1b[2Jgone', '\\x1b[2Jgone'],
    ['left‮right', 'left\\u{202e}right'],
    ['zero​width', 'zero\\u{200b}width'],
    ['Zoë 漢字 🐱', 'Zoë 漢字 🐱'],
  ])('shows %j so that it cannot move the cursor or hide itself', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [14_200_000, '14 MB'],
    [999_600, '1.0 MB'],
    [5_000_000_000_000, '5.0 TB'],
  ])('shows %i bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});

describe('durationText', () => {
  it.each([
    [0.4, '0 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3725, '1 h 2 min'],
  ])('shows %f seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
