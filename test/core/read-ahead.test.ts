import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkPool } from '../../src/core/chunk-pool.ts';
import { readAhead } from '../../src/core/read-ahead.ts';

const source = Uint8Array.from({ length: 300 }, (_, index) => index % 251);

describe('bytes that are read ahead', () => {
  it('are those of the span, in whatever pieces they come', async () => {
    const span = fc.tuple(fc.nat(300), fc.nat(300)).map((places) => places.sort((a, b) => a - b));
    const property = fc.asyncProperty(
      span,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      async ([start = 0, end = 0], chunkBytes, pieceBytes) => {
        const chunks = new ChunkPool(chunkBytes, 2);
        const read: number[] = [];
        // The second time with chunks in which something is left.
        for (let time = 0; time < 2; time += 1) {
          read.length = 0;
          const bytes = readAhead({ start, end }, chunks, async (buffer, at) => {
            const length = Math.min(buffer.length, pieceBytes, end - at);
            buffer.set(source.subarray(at, at + length));
            return buffer.subarray(0, length);
          });
          for await (const chunk of bytes) read.push(...chunk);
        }
        expect(read).toEqual([...source.subarray(start, end)]);
      },
    );
    await fc.assert(property);
  });

  it('end where nothing more comes, and with the failure of what was read ahead', async () => {
    const chunks = new ChunkPool(10, 2);
    const read: number[] = [];
    const short = readAhead({ start: 0, end: 100 }, chunks, async (buffer, at) =>
      at < 20 ? buffer.fill(at) : buffer.subarray(0, 0),
    );
    for await (const chunk of short) read.push(chunk.length);
    expect(read).toEqual([10, 10]);
    const failing = readAhead({ start: 0, end: 100 }, chunks, async (buffer, at) => {
      if (at > 0) throw new Error('the disk failed');
      return buffer;
    });
    expect((await failing.next()).done).toBe(false);
    await expect(failing.next()).rejects.toThrow('the disk failed');
  });

  it('take chunks that others have given back, and give theirs back when their reader goes', async () => {
    const chunks = new ChunkPool(10, 2);
    const bytes = readAhead({ start: 0, end: 100 }, chunks, async (buffer) => buffer);
    const { value: first } = await bytes.next();
    await bytes.return(undefined);
    const idle = [chunks.take(), chunks.take(), chunks.take()];
    expect(idle).toContain(first);
    expect(new Set(idle.map(({ buffer }) => buffer)).size).toBe(3);
  });
});
