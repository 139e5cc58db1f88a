import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foundArchive } from '../../src/compose/found-archive.ts';
import { homeToken } from '../../src/compose/home-token.ts';
import { hasProgram } from '../support/has-program.ts';
import { spawnNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const schemathesis = process.env['RINGFENCE_SCHEMATHESIS'] ?? 'schemathesis';
const hasSchemathesis = hasProgram(schemathesis, '--version', /schemathesis/);

/** Checks that are left out, and why. */
const LEFT_OUT = {
  positive_data_acceptance:
    'operations take names, paths and keys as plain text, and refuse what they do not name with 400 or 422',
};

/** Operations that are left out, and why. */
const UNASKED = { events: 'its answer does not end' };

describe.skipIf(!hasSchemathesis)('the description (skipped without schemathesis)', () => {
  const temporary = temporaryFolder();
  afterAll(() => temporary[Symbol.dispose]());

  it('says what the node answers to its owner, whatever is asked', async () => {
    const home = join(temporary.path, 'home');
    // Some operations write files where the node was started.
    const folder = join(temporary.path, 'started-here');
    await mkdir(folder);
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    await using node = spawnNode(['env', '-C', folder], home);
    await node.logged(({ event }) => event === 'started');
    const { url } = z
      .object({ url: z.string() })
      .parse(JSON.parse(await readFile(join(home, 'node.json'), 'utf8')));
    const words = [
      ...[
        'run',
        `${url}/openapi.json`,
        '--header',
        `Authorization: Bearer ${await homeToken(home)}`,
      ],
      ...['--checks', 'all', '--exclude-checks', Object.keys(LEFT_OUT).join(',')],
      ...Object.keys(UNASKED).flatMap((id) => ['--exclude-operation-id', id]),
      ...['--max-examples', '10', '--seed', '1', '--request-timeout', '20', '--no-color'],
    ];
    const found = await promisify(execFile)(schemathesis, words, {
      cwd: folder,
      maxBuffer: 64 * 1_048_576,
    }).then(
      () => 'nothing',
      ({ stdout, stderr }) => `${stdout}${stderr}`,
    );
    expect(found).toBe('nothing');
  }, 480_000);
});
