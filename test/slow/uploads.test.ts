import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { startNode } from '../support/running-node.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1_048_576;
const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const bytes = randomBytes(40 * MIB);

beforeAll(() => foundArchive(home, { name: 'Poems', institution: 'House' }));
afterAll(() => temporary[Symbol.dispose]());

function urlOf(): string {
  const told = JSON.parse(readFileSync(join(home, 'node.json'), 'utf8'));
  return z.object({ url: z.string() }).parse(told).url;
}

it('an upload in parts goes on after its node was killed in the middle of a part', async () => {
  const tus = { 'tus-resumable': '1.0.0' };
  const type = 'application/offset+octet-stream';
  let path = '';
  {
    await using node = await startNode(home);
    const owner = await signedFetch(home);
    const name = Buffer.from('large.bin').toString('base64');
    const said = { 'upload-length': String(bytes.length), 'upload-metadata': `name ${name}` };
    const headers = { ...tus, ...said };
    const begun = await owner(`${urlOf()}/api/v1/uploads`, { method: 'POST', headers });
    path = begun.headers.get('location') ?? '';
    async function* half() {
      yield bytes.subarray(0, bytes.length / 2);
      node.signal('SIGKILL');
      await node.ended;
    }
    const broken = owner(`${urlOf()}${path}`, {
      ...{ method: 'PATCH', headers: { ...tus, 'upload-offset': '0', 'content-type': type } },
      ...{ body: ReadableStream.from(half()), duplex: 'half' as const },
    });
    await expect(broken).rejects.toThrow();
  }
  await using _again = await startNode(home);
  const owner = await signedFetch(home);
  const head = await owner(`${urlOf()}${path}`, { method: 'HEAD', headers: tus });
  const offset = Number(head.headers.get('upload-offset'));
  expect(head.status).toBe(200);
  const last = await owner(`${urlOf()}${path}`, {
    method: 'PATCH',
    headers: { ...tus, 'upload-offset': String(offset), 'content-type': type },
    body: bytes.subarray(offset),
  });
  expect(last.status).toBe(200);
  const { cid } = z.object({ cid: z.string() }).parse(await last.json());
  const stored = await owner(`${urlOf()}/ipfs/${cid}`);
  expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
}, 120_000);
