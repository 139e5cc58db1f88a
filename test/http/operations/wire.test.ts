import { expect, it } from 'vitest';
import { type OperationEvent, readEvents } from '../../../src/http/operations/wire.ts';

const events: readonly OperationEvent[] = [
  { event: 'notice', text: 'line breaks \n \r \u2028 and ünïcödé 🎨' },
  { event: 'progress', what: 'ingesting', done: { files: 3 } },
  { event: 'item', item: { text: 'x'.repeat(100_000) } },
  { event: 'result', result: null },
];

it.each([1, 2, 7, 4096, 1_000_000])(
  'reads the same events however they are cut: %d bytes a piece',
  async (size) => {
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const read: OperationEvent[] = [];
    for await (const event of readEvents(pieces(bytes, size))) read.push(event);
    expect(read).toEqual(events);
  },
);

it('refuses a line that is no event', async () => {
  const reading = readEvents(pieces(Buffer.from('{"event":"surprise"}\n'), 10));
  await expect(reading.next()).rejects.toThrow();
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
