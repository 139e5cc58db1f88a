import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { hasProgram } from '../support/has-program.ts';
import { spawnNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const schemathesis = process.env['RINGFENCE_SCHEMATHESIS'] ?? 'schemathesis';
const hasSchemathesis = hasProgram(schemathesis, '--version', /schemathesis/);

/** Checks that are left out of the first run, and why. */
const LEFT_OUT = {
  positive_data_acceptance:
    'operations take names, paths and keys as plain text, and refuse what they do not name with 400 or 422',
};

/** Operations that are left out, and why. */
const UNASKED = { events: 'its answer does not end' };

/**
 * What reads, and names nothing that has to be there: whatever fits its schema is taken. What changes
 * something is refused when one Idempotency-Key comes with two requests, which no schema can say.
 */
const TAKING_ALL = [
  ...['attest.list', 'browser.list', 'car.list', 'config', 'doctor', 'erase.list', 'member.list'],
  ...['objection.list', 'peers', 'policy.list', 'proposal.list', 'release.list', 'stop.list'],
  ...['trust.list', 'verify', 'webhook.list'],
  ...['description', 'docs', 'healthz', 'metrics', 'readyz', 'robots', 'tdmrep'],
];

describe.skipIf(!hasSchemathesis)('the description (skipped without schemathesis)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  // Some operations write files where the node was started.
  const folder = join(temporary.path, 'started-here');
  let node: TestNode;

  beforeAll(async () => {
    await mkdir(folder);
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    node = spawnNode(['env', '-C', folder], home);
    await node.logged(({ event }) => event === 'started');
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  /** Has schemathesis ask the node, and returns what it finds. */
  async function found(...words: readonly string[]): Promise<string> {
    const { url } = z
      .object({ url: z.string() })
      .parse(JSON.parse(await readFile(join(home, 'node.json'), 'utf8')));
    const token = await homeToken(home);
    return promisify(execFile)(
      schemathesis,
      [
        ...['run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${token}`],
        ...['--max-examples', '10', '--seed', '1', '--request-timeout', '20', '--no-color'],
        ...words,
      ],
      { cwd: folder, maxBuffer: 64 * 1_048_576 },
    ).then(
      () => 'nothing',
      ({ stdout, stderr }) => `${stdout}${stderr}`,
    );
  }

  it('says what the node answers to its owner, whatever is asked', async () => {
    const checks = ['--checks', 'all', '--exclude-checks', Object.keys(LEFT_OUT).join(',')];
    const unasked = Object.keys(UNASKED).flatMap((id) => ['--exclude-operation-id', id]);
    expect(await found(...checks, ...unasked)).toBe('nothing');
  }, 480_000);

  it('says what the node takes, where nothing that is asked for has to be there', async () => {
    const asked = TAKING_ALL.flatMap((id) => ['--include-operation-id', id]);
    expect(await found('--checks', 'positive_data_acceptance', ...asked)).toBe('nothing');
  }, 240_000);
});
