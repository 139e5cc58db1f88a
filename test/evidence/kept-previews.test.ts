import { randomUUID } from 'node:crypto';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCid } from '../../src/core/cid.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import { keptPreviews } from '../../src/evidence/rendering/kept-previews.ts';
import { PreviewFiles } from '../../src/evidence/rendering/preview-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
afterAll(() => temporary[Symbol.dispose]());

const name = (letter: string) => parseCid(`bafkreia${letter.repeat(50)}a`);
const [one, two, three] = [name('b'), name('c'), name('d')];
const shown = { mediaType: 'text/plain', bytes: Buffer.from('a line\nand another') };
const folder = () => join(temporary.path, randomUUID());
const neverMade = () => Promise.reject(new Error('made again'));

describe('kept previews', () => {
  it('are made once, also for another process, until they are forgotten', async () => {
    const path = folder();
    expect(await keptPreviews(path).of(one, async () => shown)).toEqual(shown);
    expect(await keptPreviews(path).of(one, neverMade)).toEqual(shown);
    await keptPreviews(path).forget(one);
    await expect(keptPreviews(path).of(one, neverMade)).rejects.toThrow('made again');
  });

  it('are made again where the file is damaged', async () => {
    const path = folder();
    await keptPreviews(path).of(one, async () => shown);
    const [file = ''] = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.includes(one),
    );
    writeFileSync(join(path, file), '{"mediaType":"text/plain","size":18}\na line');
    const other = { ...shown, bytes: Buffer.from('new') };
    expect(await keptPreviews(path).of(one, async () => other)).toEqual(other);
  });

  it('take no more room than they may: the oldest give way', async () => {
    const path = folder();
    const files = new PreviewFiles(path, 120);
    for (const asset of [one, two]) await files.keep(asset, shown);
    // Clocks of file systems stand still for some milliseconds.
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      utimesSync(join(path, name), 0, 0);
    }
    await files.keep(three, shown);
    const left = await Promise.all([one, two, three].map((asset) => files.find(asset)));
    expect(left[2]).toEqual(shown);
    expect(left).toContain(undefined);
  });

  it('are not tried again for bytes that could not be shown, but where a program was missing', async () => {
    const previews = keptPreviews(folder());
    const refusing = (code: 'work_limit' | 'tool_missing') => () =>
      Promise.reject(new ArchiveError(code, code));
    await expect(previews.of(one, refusing('work_limit'))).rejects.toThrow('work_limit');
    await expect(previews.of(one, async () => shown)).rejects.toThrow('work_limit');
    await expect(previews.of(two, refusing('tool_missing'))).rejects.toThrow('tool_missing');
    expect(await previews.of(two, async () => shown)).toEqual(shown);
  });

  it('are made a few at a time, the last that was asked for first, and not for whoever has gone', async () => {
    const previews = keptPreviews(folder(), { atOnce: 1 });
    const began: string[] = [];
    const first = Promise.withResolvers<void>();
    const make = (asset: string, wait?: Promise<void>) => async () => {
      began.push(asset);
      await wait;
      return shown;
    };
    const firstBegan = Promise.withResolvers<void>();
    const held = previews.of(one, async () => {
      firstBegan.resolve();
      return make(one, first.promise)();
    });
    await firstBegan.promise;
    const gone = new AbortController();
    const left = previews.of(two, make(two), gone.signal);
    const last = previews.of(three, make(three));
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    first.resolve();
    await Promise.all([held, last]);
    expect(began).toEqual([one, three]);
  });
});
