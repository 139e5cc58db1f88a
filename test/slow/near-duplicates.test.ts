import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { picture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

async function ringfence(...args: string[]): Promise<Record<string, unknown>[]> {
  const home = args.includes('--home') ? [] : ['--home', join(folder.path, 'home')];
  const ran = await runCommand([...args, '--json', ...home]);
  expect(ran.stderr).toBe('');
  return documents(ran) as Record<string, unknown>[];
}

/** A statement is named by its entry and its place in it. */
const entryOf = (id: string) => id.slice(0, id.indexOf('/'));
const path = (name: string) => join(folder.path, name);
const eventsOf = (said: Record<string, unknown>[], event: string) =>
  said.filter((one) => one['event'] === event);

describe('near-duplicates of registered works', () => {
  beforeAll(async () => {
    await picture(1).png().toFile(path('generated.png'));
    await picture(1).resize(120).jpeg({ quality: 60 }).toFile(path('copy.jpg'));
    await picture(4).png().toFile(path('other.png'));
    await picture(7).png().toFile(path('own.png'));
    await picture(7).webp({ quality: 50 }).toFile(path('later.webp'));
    await writeFile(path('flat.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await ringfence('init', '--name', 'Prints');
    await ringfence('synthetic', 'add', path('generated.png'), '--generator', 'comfyui');
  });

  it('hold a changed copy that is offered as human work, once, with the distances', async () => {
    const files = ['copy.jpg', 'other.png', 'own.png', 'flat.svg'].map(path);
    const said = await ringfence('ingest', ...files, '--collection', 'c');
    const [match, ...others] = eventsOf(said, 'match');
    expect(others).toEqual([]);
    expect(match).toMatchObject({ likeness: 'same', distances: { pdq: expect.any(Number) } });
    const deposited = String(match?.['deposited']);
    const [shown] = await ringfence('synthetic', 'matches', deposited);
    expect(shown?.['matches']).toMatchObject(
      [
        { deposited, registered: match?.['registered'], generators: ['comfyui'], hold: /^zdpu/ },
      ].map((one) => ({ ...one, hold: expect.stringMatching(one.hold) })),
    );
    const [asset] = await ringfence('show', deposited);
    const [held] = (shown?.['matches'] ?? []) as { hold: string }[];
    const sameEntry = expect.stringMatching(`^${entryOf(held?.hold ?? 'none/')}/`);
    expect(asset?.['deposits']).toMatchObject([{ id: sameEntry }]);
    const [verdict] = await ringfence('explain', deposited);
    expect(JSON.stringify(verdict)).toContain('H_NEAR_DUP');
    expect(verdict?.['matches']).toEqual(shown?.['matches']);
    expect(eventsOf(await ringfence('synthetic', 'scan'), 'done')).toMatchObject([{ held: 0 }]);
    const again = await ringfence('ingest', ...files, '--collection', 'd');
    expect(eventsOf(again, 'match')).toEqual([]);
  });

  it('are found by whoever has a file and asks whether it is here', async () => {
    const [answer] = await ringfence('find', path('copy.jpg'));
    expect(answer).toMatchObject({ compared: 'picture', found: [{}, {}] });
    expect(answer?.['found']).toMatchObject([
      { cid: answer?.['cid'], likeness: 'exact', distances: {}, status: 'deposited' },
      { likeness: 'same', distances: { pdq: expect.any(Number) }, status: 'synthetic' },
    ]);
    await writeFile(path('strange.txt'), 'nobody has this');
    const [none] = await ringfence('find', path('strange.txt'));
    expect(none).toMatchObject({ compared: null, found: [], size: 15 });
  });

  it('hold a copy also where somebody has deposited the registered work itself', async () => {
    const at = ['--home', join(folder.path, 'other-home')] as const;
    await ringfence('init', '--name', 'Drawings', ...at);
    await ringfence('synthetic', 'add', path('generated.png'), '--generator', 'comfyui', ...at);
    await ringfence('ingest', path('generated.png'), ...at);
    const said = await ringfence('ingest', path('copy.jpg'), ...at);
    expect(eventsOf(said, 'match')).toHaveLength(1);
    expect(eventsOf(await ringfence('synthetic', 'scan', ...at), 'done')).toMatchObject([
      { compared: 1, held: 0 },
    ]);
  });

  it('hold what was here before a work like it was registered', async () => {
    const said = await ringfence('synthetic', 'add', path('later.webp'), '--generator', 'sdxl');
    const [match] = eventsOf(said, 'match');
    const registered = String(match?.['registered']);
    const [shown] = await ringfence('synthetic', 'matches', registered);
    expect(shown?.['matches']).toMatchObject([{ registered, hold: expect.any(String) }]);
  });
});
