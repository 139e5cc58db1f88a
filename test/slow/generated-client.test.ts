import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { startNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A folder into which openapi-typescript, its TypeScript 5 and openapi-fetch are installed. */
const tools = process.env['RINGFENCE_CLIENT_TOOLS'];
const run = promisify(execFile);

/** What somebody writes who knows the description and nothing else. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { paths } from './api.d.ts';

const [baseUrl = '', token = ''] = process.argv.slice(2);
const headers = { Authorization: \`Bearer \${token}\` };
const client = createClient<paths>({ baseUrl, headers });
const poem = new TextEncoder().encode('roses are red');

const uploaded = await client.POST('/api/v1/assets', {
  params: { query: { name: 'poem.txt', title: 'A poem', creator: 'Ann', licence: 'CC0-1.0' } },
  headers: { 'Content-Type': 'application/octet-stream' },
  body: poem,
  bodySerializer: (body) => body as Uint8Array<ArrayBuffer>,
});
if (uploaded.data === undefined) throw new Error(uploaded.error.detail);
const asset: string = uploaded.data.cid;
const path = { asset };

const explained = await client.GET('/api/v1/assets/{asset}/explain', { params: { path } });
const verdict: 'eligible' | 'hold' | 'ineligible' | undefined = explained.data?.verdict;
const failing = explained.data?.gates.find(({ pass }) => !pass)?.rules.find(({ pass }) => !pass);

const question = {
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
} as const;
const status = await client.POST('/api/v1/operations/status', { body: question });
const { eligible, hold, ineligible } = status.data?.result.verdicts ?? {};
const listed = await client.POST('/api/v1/operations/list', { body: { filter: {} } });
const titles: readonly string[] | undefined = listed.data?.items.map(({ title }) => title);
const members = await client.POST('/api/v1/operations/member.list', { body: {} });
const keys = members.data?.result.flatMap(({ keys }) => keys).length;
// @ts-expect-error: an answer has what the description says, and nothing else.
listed.data?.items[0]?.colour;

const read = await client.GET('/ipfs/{asset}', { params: { path }, parseAs: 'text' });
const missing = await client.GET('/api/v1/assets/{asset}', {
  params: { path: { asset: 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } },
});
const code: string | undefined = missing.error?.code;
const told = { title: uploaded.data.title, verdict, text: failing?.text, bytes: read.data, code };
const counted = { titles, keys, verdicts: [eligible, hold, ineligible] };
console.log(JSON.stringify({ ...told, ...counted }));
`;

const CONFIG = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, target: 'esnext', module: 'nodenext', types: ['node'] },
    ...{ allowImportingTsExtensions: true, skipLibCheck: true },
  },
  files: ['client.ts'],
};

describe.skipIf(tools === undefined)('a client made by a generator (skipped without one)', () => {
  const temporary = temporaryFolder();
  afterAll(() => temporary[Symbol.dispose]());

  it('uploads, explains and downloads, with the types of the description', async () => {
    const home = join(temporary.path, 'home');
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    await using _node = await startNode(home);
    const told = JSON.parse(await readFile(join(home, 'node.json'), 'utf8'));
    const { url } = z.object({ url: z.string() }).parse(told);
    const folder = temporary.path;
    const modules = join(tools ?? '', 'node_modules');
    await symlink(modules, join(folder, 'node_modules'));
    const node = (script: string, ...args: readonly string[]) =>
      run(process.execPath, [script, ...args], { cwd: folder });
    const generator = join(modules, 'openapi-typescript/bin/cli.js');
    await node(generator, `${url}/openapi.json`, '--output', 'api.d.ts');
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
    await writeFile(join(folder, 'client.ts'), CLIENT);
    const compiled = await node(join(modules, 'typescript/bin/tsc')).catch(({ stdout }) => stdout);
    expect(compiled).toMatchObject({ stdout: '' });
    const { stdout } = await node('client.ts', url, await homeToken(home));
    expect(JSON.parse(stdout)).toEqual({
      ...{ title: 'A poem', verdict: expect.any(String), bytes: 'roses are red' },
      ...{ text: expect.any(String), code: 'not_found' },
      ...{ titles: ['A poem'], keys: 1, verdicts: [0, 0, 1] },
    });
  }, 120_000);
});
