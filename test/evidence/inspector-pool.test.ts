import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { DEFAULT_LIMITS } from '../../src/evidence/limits.ts';
import { InspectorPool } from '../../src/evidence/threads/inspector-pool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type NamedBytes, pick, storeAsPack } from './support/inspected.ts';
import { INSPECTORS } from './support/trial-inspectors.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function openPool(workers: number, timeMs = 30_000): InspectorPool {
  return new InspectorPool({
    context: () => ({ trust: undefined }),
    inspectors: INSPECTORS,
    module: new URL('./support/trial-inspectors.ts', import.meta.url),
    workers,
    limits: { ...DEFAULT_LIMITS, timeMs, heapMiB: 64 },
  });
}

function asset(filename: string, size = 10): NamedBytes {
  return { filename, bytes: new Uint8Array(size) };
}

/** Threads of this process, counted by the message ports that are open to them. */
function threadCount(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
}

function reasons(findings: readonly Finding[] | undefined): unknown[] {
  return (findings ?? []).map(({ outcome, facts }) => facts['reason'] ?? outcome);
}

describe('a pool of inspectors', () => {
  let threadsBefore = 0;
  beforeEach(() => {
    threadsBefore = threadCount();
  });
  afterEach(() => {
    expect(threadCount()).toBe(threadsBefore);
  });

  it('answers every asset in the order asked, with every inspector in the order of its list', async () => {
    await using pool = openPool(2);
    const assets = Array.from({ length: 500 }, (_, at) => asset(`${at}.bin`, at));
    const all = await pool.inspect(storeAsPack(folder.path, assets));
    expect(threadCount()).toBeGreaterThan(threadsBefore);
    expect(all.map((findings) => findings.map((finding) => finding.inspector))).toEqual(
      assets.map(() => ['everything', 'first', 'trouble', 'last']),
    );
    expect(all.map((findings) => pick(findings, 'last').facts)).toEqual(
      assets.map(({ filename, bytes }) => ({ name: filename, size: bytes.length })),
    );
  });

  it('answers nothing at once when nothing is asked', async () => {
    await using pool = openPool(1);
    await expect(pool.inspect([])).resolves.toEqual([]);
  });

  it.each(['endless.bin', 'never.bin'])(
    'ends %s after its time, keeps what was finished and what reads everything, and answers all other assets',
    async (filename) => {
      await using pool = openPool(1, 700);
      const assets = [asset('a.bin'), asset(filename), asset('b.bin'), asset('c.bin')];
      const all = await pool.inspect(storeAsPack(folder.path, assets));
      expect(reasons(all[1])).toEqual(['found', 'found', 'time', 'time']);
      for (const place of [0, 2, 3]) expect(reasons(all[place])).toEqual(Array(4).fill('found'));
    },
  );

  it.each([
    ['hungry.bin', 'memory'],
    ['exit.bin', 'crashed'],
    ['later.bin', 'crashed'],
    ['deep.bin', 'failed'],
    ['thrown.bin', 'failed'],
  ])('survives %s, which loses that one finding because of %s', async (filename, reason) => {
    await using pool = openPool(2);
    const assets = [asset('a.bin'), asset(filename), asset('b.bin')];
    const all = await pool.inspect(storeAsPack(folder.path, assets));
    expect(reasons(all[1])).toEqual(['found', 'found', reason, 'found']);
    expect(reasons(all[0])).toEqual(Array(4).fill('found'));
    expect(reasons(all[2])).toEqual(Array(4).fill('found'));
  });

  it('survives more deaths than it has threads', async () => {
    await using pool = openPool(2);
    const assets = Array.from({ length: 30 }, (_, at) =>
      asset(at % 3 === 0 ? 'exit.bin' : `${at}`),
    );
    const all = await pool.inspect(storeAsPack(folder.path, assets));
    expect(all.filter((findings) => reasons(findings)[2] === 'crashed')).toHaveLength(10);
    expect(all.filter((findings) => reasons(findings)[2] === 'found')).toHaveLength(20);
  });

  it('says that an asset is unreadable when its file is shorter than it should be, or gone', async () => {
    await using pool = openPool(1);
    const [whole] = storeAsPack(folder.path, [asset('a.bin', 100)]);
    const [segment] = whole?.segments ?? [];
    if (whole === undefined || segment === undefined) throw new Error('nothing was stored');
    const requests = [
      { ...whole, size: 200, segments: [{ ...segment, length: 200 }] },
      { ...whole, segments: [{ ...segment, path: `${segment.path}-gone` }] },
      { ...whole, size: 101 },
      whole,
    ];
    const all = await pool.inspect(requests);
    expect(all.map((findings) => new Set(reasons(findings)))).toEqual([
      new Set(['bytes-missing']),
      new Set(['io']),
      new Set(['bytes-missing']),
      new Set(['found']),
    ]);
  });

  it('gives up at once when the caller does, and can be used again', async () => {
    await using pool = openPool(1, 600_000);
    const giveUp = new AbortController();
    const endless = storeAsPack(folder.path, [asset('endless.bin')]);
    const pending = pool.inspect(endless, { signal: giveUp.signal });
    giveUp.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    await expect(pool.inspect(endless, { signal: giveUp.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    const [findings] = await pool.inspect(storeAsPack(folder.path, [asset('a.bin')]));
    expect(reasons(findings)).toEqual(Array(4).fill('found'));
  });

  it('rejects what is under way when it is disposed, and everything after', async () => {
    const pool = openPool(2);
    const requests = storeAsPack(folder.path, [asset('endless.bin'), asset('a.bin')]);
    const pending = expect(pool.inspect(requests)).rejects.toMatchObject({ code: 'aborted' });
    await pool[Symbol.asyncDispose]();
    await pending;
    await expect(pool.inspect(requests)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('fails instead of trying for ever when its threads cannot start', async () => {
    await using pool = new InspectorPool({
      context: () => ({ trust: undefined }),
      inspectors: INSPECTORS,
      module: new URL('./support/no-such-module.ts', import.meta.url),
      workers: 1,
      limits: DEFAULT_LIMITS,
    });
    const requests = storeAsPack(folder.path, [asset('a.bin')]);
    await expect(pool.inspect(requests)).rejects.toMatchObject({ code: 'internal' });
  });

  it('goes on in a fresh thread when an inspector is spent, and loses nothing', async () => {
    await using pool = openPool(1);
    const assets = Array.from({ length: 5 }, () => [asset('wearing.bin'), asset('a.bin')]).flat();
    const all = await pool.inspect(storeAsPack(folder.path, assets));
    const worn = all.flatMap((findings) => pick(findings, 'trouble').facts['wornOut'] ?? []);
    expect(worn).toEqual([1, 1, 1, 1, 1]);
    expect(all.every((findings) => findings.length === INSPECTORS.length)).toBe(true);
  });

  it('asks only the inspectors that are named', async () => {
    await using pool = openPool(1);
    const requests = storeAsPack(folder.path, [asset('a.bin'), asset('b.bin')]);
    const all = await pool.inspect(requests, { inspectors: ['last', 'everything'] });
    expect(all.map((findings) => findings.map(({ inspector }) => inspector))).toEqual([
      ['everything', 'last'],
      ['everything', 'last'],
    ]);
  });

  it('serves several callers at a time', async () => {
    await using pool = openPool(2);
    const calls = Array.from({ length: 20 }, (_, call) =>
      pool.inspect(storeAsPack(folder.path, [asset(`${call}.bin`, call)])),
    );
    const sizes = (await Promise.all(calls)).map(([findings]) => pick(findings ?? [], 'first'));
    expect(sizes.map(({ facts }) => facts['size'])).toEqual(calls.map((_, call) => call));
  });
});
