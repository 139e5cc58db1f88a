import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
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

/** Operations that are left out, and why. */
const UNASKED = { events: 'its answer does not end' };

const FILE = 'a file has to be there, or to be of a format that a schema does not say';
const CURSOR = 'a cursor is one that an answer gave';
const POLICY = 'a policy that is given is read by the rules of policies';
const RELEASE = 'what is there and is no release is told apart from what is not there';
const STATE = 'whether it can be done depends on what is in the archive';
const BASE58 = 'a pattern cannot say which texts in base58 are a key or the hash of an entry';
const SIGNED = 'what is signed comes as a text, in a format of its own';
const ADDRESS = 'a pattern cannot say all of what an address is';
const WORDS = 'a word is one of a vocabulary, or has letters that count';
const TOGETHER = 'what goes together is no matter of one field';

/** Operations that refuse some requests of their schema by 400, and why. */
const REFUSING: Readonly<Record<string, string>> = {
  'attest.set': FILE,
  backup: FILE,
  'car.import': FILE,
  'catalogue.read': FILE,
  'claim.import': SIGNED,
  'consent.record': TOGETHER,
  declare: WORDS,
  derive: TOGETHER,
  'derive.machine': TOGETHER,
  erase: WORDS,
  'evidence.add': SIGNED,
  'evidence.kit': FILE,
  'explain.prove': FILE,
  find: FILE,
  ingest: FILE,
  invite: TOGETHER,
  'key.rotate': BASE58,
  list: CURSOR,
  listAssets: CURSOR,
  'log.consistency': STATE,
  'log.show': BASE58,
  'maker.vouch': BASE58,
  'member.adopt': BASE58,
  'member.grant': BASE58,
  'member.revoke': BASE58,
  'peers.add': ADDRESS,
  'policy.diff': POLICY,
  'policy.propose': POLICY,
  'quarantine.scan': STATE,
  'quorum.propose': STATE,
  reinspect: WORDS,
  'release.cut': ADDRESS,
  'release.export': FILE,
  'release.holders': RELEASE,
  'release.impact': RELEASE,
  'release.members': RELEASE,
  'release.show': RELEASE,
  'release.verify': RELEASE,
  'rendition.make': WORDS,
  'statement.draft': STATE,
  'statement.import': SIGNED,
  'sync.export': FILE,
  'sync.import': FILE,
  'trust.import': FILE,
  uploadAsset: WORDS,
  'webhook.add': STATE,
  'what-if': POLICY,
};

/**
 * What answers a change that its schema allows, besides having made it: what it names is not there or gone, it is
 * not for this caller, stands against what was said before or against the rules, or cannot be done now. One
 * Idempotency-Key comes with two requests, too.
 */
const ANSWERS = ['2xx', 401, 403, 404, 409, 410, 413, 422, 429, 451, 501, 503];

/** What is read of the description: which operations change something. */
const description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        parameters: z.array(z.object({ name: z.string() })).default([]),
      }),
    ),
  ),
});

/** Returns a configuration that asks whether what a schema allows is taken (`positive_data_acceptance`). */
async function configuration(url: string): Promise<string> {
  const { paths } = description.parse(await (await fetch(`${url}/openapi.json`)).json());
  const changing = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
    .map(({ operationId }) => operationId)
    .filter((id) => !(id in REFUSING));
  return `[[operations]]
include-operation-id = ${JSON.stringify(Object.keys(REFUSING))}
checks.positive_data_acceptance.enabled = false

[[operations]]
include-operation-id = ${JSON.stringify(changing)}
checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(ANSWERS)}
`;
}

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
    await writeFile(join(folder, 'schemathesis.toml'), await configuration(url));
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

  it('says what the node answers to its owner, whatever is asked, and takes what it says', async () => {
    const unasked = Object.keys(UNASKED).flatMap((id) => ['--exclude-operation-id', id]);
    expect(await found(...unasked)).toBe('nothing');
  }, 480_000);
});
