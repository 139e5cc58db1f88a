import { expect, it } from 'vitest';
import type { LiveView } from '../../../src/archive/live/live-release.ts';
import { LiveTables } from '../../../src/archive/live/live-tables.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { ArchiveError } from '../../../src/core/errors.ts';
import type { RevisionTables, WrittenTables } from '../../../src/core/ports/revision-tables.ts';

/** Tables in memory, each written when the test says so. */
function heldTables() {
  const done = new Map<string, WrittenTables>();
  const begun: string[] = [];
  const ends = new Map<string, (error?: unknown) => void>();
  const keyOf = ({ release, revision }: Pick<LiveView, 'release' | 'revision'>) =>
    `${release} ${revision}`;
  const tables: RevisionTables = {
    written: async (left) => done.get(keyOf(left)),
    async write(left, { signal }) {
      const key = keyOf(left);
      begun.push(key);
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        ends.set(key, (error) => (error === undefined ? resolve() : reject(error)));
      });
      const written = { files: {}, sums: new Map(), nodes: new Map() };
      done.set(key, written);
      return written;
    },
    async *read() {},
    async drop() {},
  };
  return { tables, begun, end: (key: string, error?: unknown) => ends.get(key)?.(error) };
}

/** What the writing of tables is told by. */
const view = (release: string, revision: number) =>
  ({ release: release as Cid, revision }) as LiveView;

it('are written one release after another, and only the newest revision of each', async () => {
  const { tables, begun, end } = heldTables();
  await using live = new LiveTables(tables, () => {}, { restMs: 0 });
  for (const of of [view('a', 1), view('a', 1), view('b', 1), view('b', 2), view('a', 2)]) {
    expect(await live.of(of)).toBeUndefined();
  }
  await expect.poll(() => begun).toEqual(['a 1', 'b 2']);
  end('b 2');
  await expect.poll(() => begun).toEqual(['a 1', 'b 2', 'a 2']);
  // One that came late does not end the newer one.
  expect(await live.of(view('a', 1))).toBeUndefined();
  end('a 2');
  await expect.poll(() => live.of(view('a', 2))).toBeDefined();
  expect(begun).toHaveLength(3);
});

it('say what keeps them from being written until they are tried again', async () => {
  const { tables, begun, end } = heldTables();
  const told: unknown[] = [];
  await using live = new LiveTables(tables, (error) => told.push(error), { restMs: 0 });
  const full = new ArchiveError('disk_full', 'no room');
  await live.of(view('a', 1));
  end('a 1', full);
  await expect.poll(() => told).toEqual([full]);
  await expect(live.of(view('a', 1))).rejects.toBe(full);
  expect(await live.of(view('a', 2))).toBeUndefined();
  end('a 2', full);
  await expect.poll(() => told).toHaveLength(2);
  live.retry();
  expect(await live.of(view('a', 2))).toBeUndefined();
  await expect.poll(() => begun).toHaveLength(3);
});

it('are begun when a revision was served for a while, and then those of the newest alone', async () => {
  const { tables, begun, end } = heldTables();
  await using live = new LiveTables(tables, () => {}, { restMs: 50 });
  for (const of of [view('a', 1), view('a', 2), view('a', 1), view('a', 2)]) {
    expect(await live.of(of)).toBeUndefined();
  }
  expect(begun).toEqual([]);
  await expect.poll(() => begun).toEqual(['a 2']);
  end('a 2');
  await expect.poll(() => live.of(view('a', 2))).toBeDefined();
  expect(begun).toEqual(['a 2']);
});

it('are not waited for by a node that stops', async () => {
  const { tables, begun } = heldTables();
  await using live = new LiveTables(tables, () => {}, { restMs: 3_600_000 });
  await live.of(view('a', 1));
  await live[Symbol.asyncDispose]();
  expect(begun).toEqual([]);
});
