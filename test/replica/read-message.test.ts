import * as dagCbor from '@ipld/dag-cbor';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readMessage } from '../../src/replica/read-message.ts';

const schema = z.strictObject({ list: z.array(z.number()), bytes: z.instanceof(Uint8Array) });
const refused = expect.objectContaining({ code: 'peer_invalid' });

/** A list of so many values, each one byte. */
function wide(count: number, value: number): Uint8Array {
  const head = Buffer.alloc(5, 0x9a);
  head.writeUInt32BE(count, 1);
  return Buffer.concat([head, Buffer.alloc(count, value)]);
}

describe('a message', () => {
  it.each([0, 23, 24, 255, 256, 65_535, 65_536])('may hold %i bytes in one piece', (length) => {
    const message = { list: [1, 300, 70_000, -5], bytes: new Uint8Array(length).fill(0x9f) };
    expect(readMessage(schema, dagCbor.encode(message))).toEqual(message);
  });

  it.each([
    ['millions of numbers', wide(4_000_000, 0x00)],
    ['millions of empty maps', wide(4_000_000, 0xa0)],
    ['as many levels as bytes', new Uint8Array(1_000_000).fill(0x81)],
    ['a hundred thousand levels', new Uint8Array(100_000).fill(0x81)],
    ['a length that it does not have', Uint8Array.from([0x5b, 0, 0, 0x80, 0, 0, 0, 0, 0, 1])],
    ['a length of 2^64-1', Uint8Array.from([0x5b, ...new Uint8Array(8).fill(0xff), 1])],
    ['half a head', Uint8Array.from([0x9b, 0, 0])],
    ['a value that JSON does not have', Uint8Array.from([0xf7])],
    ['nothing', new Uint8Array(0)],
    ['a hundred thousand values of the wrong kind', wide(100_000, 0xf6)],
  ])('of %s is refused in a moment', (_what, message) => {
    expect(() => readMessage(schema, message)).toThrowError(refused);
  });
});
