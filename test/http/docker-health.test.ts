import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode } from '../../src/compose/open-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dockerfile = readFileSync(join(import.meta.dirname, '../../docker/Dockerfile'), 'utf8');
const [, written = ''] = /^HEALTHCHECK .*\\\n +CMD (\[.*\])$/m.exec(dockerfile) ?? [];

it('the image finds out whether its node runs, wherever that listens', async () => {
  using temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems' });
  const [, ...args] = JSON.parse(written) as string[];
  const checked = async () => {
    const env = { ...process.env, RINGFENCE_HOME: home };
    const [status] = await once(spawn(process.execPath, args, { env }), 'exit');
    return status;
  };
  {
    await using _node = await openNode(home, { log() {}, listen: 'off' });
    expect(await checked()).toBe(0);
  }
  expect(await checked()).toBe(1);
});
