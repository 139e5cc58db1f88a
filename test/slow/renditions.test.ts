import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, runCommand } from '../support/command.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 360_000 });

type Document = Record<string, unknown>;

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);

it.skipIf(!hasLimits)(
  'a work is shown at a glance, and its rendition goes the way of the work (skipped without setpriv and prlimit)',
  async () => {
    using folder = temporaryFolder();
    const path = (name: string) => join(folder.path, name);
    const run = (...args: string[]) => runCommand(['--home', path('home'), '--json', ...args]);
    const grey = { width: 3000, height: 40, channels: 3, background: '#888' } as const;
    await sharp({ create: grey }).png().toFile(path('a.png'));
    writeFileSync(path('b.txt'), 'words');
    writeFileSync(
      path('catalog.csv'),
      'path,title,creator,licence,digital_source_type\n' +
        'a.png,Fog,Ann,CC-BY-4.0,digitalCreation\nb.txt,Words,Ann,CC0-1.0,digitalCreation\n',
    );
    await run('init', '--name', 'N', '--institution', 'Museum');
    const offered = ['ingest', path('a.png'), path('b.txt'), '--catalog', path('catalog.csv')];
    expect((await run(...offered, '--custody')).status).toBe(EXIT.done);
    const listed = documents(await run('list')) as { cid: string; title: string }[];
    const cidOf = (title: string) => listed.find((one) => one.title === title)?.cid ?? '';
    const master = cidOf('Fog');

    expect((await run('preview', master, '--out', path('fog.webp'))).status).toBe(EXIT.done);
    expect((await sharp(readFileSync(path('fog.webp'))).metadata()).width).toBe(512);

    const made = await run('rendition', 'make', master, cidOf('Words'), '--recipe', 'jpeg-2048');
    expect(made.status).toBe(EXIT.incomplete);
    const events = documents(made) as Document[];
    const rendition = events.find(({ event }) => event === 'made')?.['cid'] as string;
    expect(events).toEqual([
      { event: 'made', cid: rendition, master },
      expect.objectContaining({ event: 'failed', code: 'media_unsuitable' }),
      { event: 'done', done: 1, failed: 1 },
    ]);
    const again = await run('rendition', 'make', master, '--recipe', 'jpeg-2048');
    expect(documents(again)[0]).toEqual({ event: 'known', cid: rendition, master });
    const [shown] = documents(await run('show', rendition)) as Document[];
    expect(shown).toMatchObject({
      ...{ title: 'Fog', creators: ['Ann'], licence: 'CC-BY-4.0', mediaType: 'image/jpeg' },
    });
    const verdict = async () => {
      const [told] = documents(await run('explain', rendition)) as Document[];
      return JSON.stringify(told);
    };
    expect(await verdict()).toMatch(/"verdict":"eligible","level":"H2"/);
    expect(await verdict()).toContain(`The way: ${rendition} from ${master}.`);

    const taken = await run('takedown', 'add', master, '--reason', 'court-order');
    expect(taken.status).toBe(EXIT.done);
    expect(await verdict()).toMatch(
      /"verdict":"ineligible".*It is a rendition, and of its master: /,
    );
    const refused = await run('rendition', 'make', master, '--recipe', 'webp-1024');
    expect(documents(refused)[0]).toMatchObject({ event: 'failed', code: 'rendition_refused' });
    const chained = await run('rendition', 'make', rendition, '--recipe', 'webp-1024');
    expect(documents(chained)[0]).toMatchObject({ event: 'failed', code: 'rendition_refused' });

    // What the rendition says of its maker is a record of its own.
    const erased = await run('erase', 'ANN', '--yes', '--now');
    expect(erased.status).toBe(EXIT.done);
    expect(documents(erased)[0]).toMatchObject({ records: { deposit: 3 }, assets: 3 });
    expect(await verdict()).toContain('E_ERASED');
    expect(JSON.stringify(documents(await run('show', rendition)))).not.toMatch(/Ann|Fog/);
    expect(documents(await run('search', 'Fog'))).toEqual([]);
  },
);
