import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, runCommand } from '../support/command.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 360_000 });

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);

it.skipIf(!hasLimits)(
  'a release takes renditions of what loaders do not read, where it is asked to (skipped without setpriv and prlimit)',
  async () => {
    using folder = temporaryFolder();
    const path = (name: string) => join(folder.path, name);
    const run = (...args: string[]) => runCommand(['--home', path('home'), '--json', ...args]);
    const create = { width: 90, height: 40, channels: 3, background: '#864' } as const;
    await sharp({ create }).tiff().toFile(path('a.tif'));
    await sharp({ create }).jpeg().toFile(path('b.jpg'));
    writeFileSync(
      path('catalog.csv'),
      'path,title,creator,licence,digital_source_type\n' +
        'a.tif,Fog,Ann,CC-BY-4.0,digitalCreation\nb.jpg,Sun,Ben,CC0-1.0,digitalCreation\n',
    );
    await run('init', '--name', 'N', '--institution', 'Museum');
    const offered = ['ingest', path('a.tif'), path('b.jpg'), '--catalog', path('catalog.csv')];
    expect((await run(...offered, '--custody')).status).toBe(EXIT.done);

    const refused = await run('release', 'cut', 'a');
    expect(refused.status).not.toBe(EXIT.done);
    expect(`${refused.stdout}${refused.stderr}`).toContain('--rendition');
    const unmade = await run('release', 'cut', 'a', '--rendition', 'jpeg-2048', '--dry-run');
    expect(`${unmade.stdout}${unmade.stderr}`).toContain('rendition make');

    expect(
      (await run('rendition', 'make', '--media', 'image', '--recipe', 'jpeg-2048')).status,
    ).toBe(EXIT.done);
    const planned = await run('release', 'cut', 'a', '--rendition', 'jpeg-2048', '--dry-run');
    expect(documents(planned)[0]).toMatchObject({ configs: { 'images-jpg': 2 } });
    const cut = await run('release', 'cut', 'a', '--rendition', 'jpeg-2048');
    // The rendition in the place of its work; the other picture itself, and not its rendition as well.
    expect(documents(cut)[0]).toMatchObject({
      assets: 2,
      shards: [{ name: 'images-jpg-train-000000.tar', samples: 2 }],
    });
  },
);
