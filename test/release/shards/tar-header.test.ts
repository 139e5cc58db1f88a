import { expect, it } from 'vitest';
import { encodeTarHeader, tarPadding, tarSize } from '../../../src/release/shards/tar-header.ts';

it('holds a name of 100 characters and a size just below 8 GiB', () => {
  const header = Buffer.from(encodeTarHeader('n'.repeat(100), 8 * 2 ** 30 - 1));
  expect(header.toString('latin1', 0, 100)).toBe('n'.repeat(100));
  expect(header.toString('latin1', 124, 136)).toBe('77777777777\0');
});

it.each([
  ['a size of 8 GiB', 'a.jpg', 8 * 2 ** 30],
  ['a name of 101 characters', 'n'.repeat(101), 1],
  ['a name that is not ASCII', 'müller.jpg', 1],
  ['a name with a space', 'a b.jpg', 1],
  ['no name', '', 1],
  ['a negative size', 'a.jpg', -1],
  ['a broken size', 'a.jpg', Number.NaN],
])('refuses %s, naming the file', (_, name, size) => {
  expect(() => encodeTarHeader(name, size)).toThrow(
    expect.objectContaining({ code: 'release_invalid', message: expect.stringContaining(name) }),
  );
});

it('pads files to 512 bytes and the tar to 10,240', () => {
  expect([0, 1, 511, 512, 513].map(tarPadding)).toEqual([0, 511, 1, 0, 511]);
  expect([0, 9216, 9217].map(tarSize)).toEqual([10_240, 10_240, 20_480]);
});
