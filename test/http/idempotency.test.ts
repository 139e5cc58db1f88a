import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { signerOf } from '../support/keys.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const answers = join(home, 'answers');
let node: RunningNode;
let owner: typeof fetch;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  owner = await signedFetch(home);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function told(answer: Response): Promise<unknown[]> {
  return [answer.status, await answer.json()];
}

async function upload(key: string, body: string, name = 'a.txt') {
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': key };
  const url = `${node.url}/api/v1/assets?name=${name}`;
  return told(await owner(url, { method: 'POST', headers, body }));
}

async function grant(key: string, role: string, accept = 'application/json') {
  const { organisation } = node.archive.ledger.self;
  const input = { role, replica: 'none', key: signerOf('somebody').did, organisation };
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, accept };
  const url = `${node.url}/api/v1/operations/member.grant`;
  return told(await owner(url, { method: 'POST', headers, body: JSON.stringify(input) }));
}

function problem(status: number, code: string) {
  return [status, expect.objectContaining({ code })];
}

describe('a request with an Idempotency-Key', () => {
  it('is done once, and answered as it was, also after a restart', async () => {
    const first = await upload('"one"', 'a poem');
    expect(first[0]).toBe(201);
    const granted = await grant('two', 'archivist');
    expect(granted[0]).toBe(200);
    const entries = node.archive.ledger.size();
    expect(await grant('two', 'archivist')).toEqual(granted);
    expect(node.archive.ledger.size()).toBe(entries);
    await node[Symbol.asyncDispose]();
    node = await openNode(home, { log: () => {} });
    expect(await upload('"one"', 'a poem')).toEqual(first);
    expect(await grant('two', 'archivist')).toEqual(granted);
  });

  it('is refused when its key came with another', async () => {
    expect(await upload('"one"', 'another poem')).toEqual(problem(422, 'idempotency_key_reused'));
    expect(await upload('"one"', 'a poem', 'b.txt')).toEqual(
      problem(422, 'idempotency_key_reused'),
    );
    expect(await grant('two', 'reviewer')).toEqual(problem(422, 'idempotency_key_reused'));
  });

  it('is told that it is being done, and done no second time meanwhile', async () => {
    const sent = await Promise.all([grant('three', 'reviewer'), grant('three', 'reviewer')]);
    expect(sent).toContainEqual([200, expect.anything()]);
    expect(sent).toContainEqual(problem(409, 'idempotency_unsettled'));
  });

  it('that failed can be sent again', async () => {
    expect(await grant('four', 'king')).toEqual(problem(400, 'input_invalid'));
    expect((await grant('four', 'steward'))[0]).toBe(200);
  });

  it('that a killed node left in the middle is not done again', async () => {
    const before = new Set(readdirSync(answers));
    await upload('five', 'a last poem');
    const [name = ''] = readdirSync(answers).filter((one) => !before.has(one));
    const kept = JSON.parse(readFileSync(join(answers, name), 'utf8'));
    writeFileSync(join(answers, name), JSON.stringify({ ...kept, isDone: false, answer: null }));
    expect(await upload('five', 'a last poem')).toEqual(problem(409, 'idempotency_unsettled'));
  });

  it('needs one that can be a key, and an answer that can be kept', async () => {
    expect(await upload('a b', 'x')).toEqual(problem(400, 'input_invalid'));
    expect(await grant('six', 'steward', 'application/x-ndjson')).toEqual(
      problem(400, 'input_invalid'),
    );
  });
});
