import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningNode } from '../../src/compose/open-node.ts';
import { entriesSaid } from '../support/entries-said.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';

let opened: HttpHome;
let answers: string;
let node: RunningNode;
let owner: typeof fetch;

beforeAll(async () => {
  opened = await openHttpHome();
  ({ node, owner } = opened);
  answers = join(opened.home, 'answers');
});
afterAll(() => opened[Symbol.asyncDispose]());

async function told(answer: Response): Promise<unknown[]> {
  return [answer.status, await answer.json()];
}

async function upload(key: string, body: string, name = 'a.txt') {
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': key };
  const url = `${node.url}/api/v1/assets?name=${name}`;
  return told(await owner(url, { method: 'POST', headers, body }));
}

async function perform(key: string, name: string, input: object, accept = 'application/json') {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, accept };
  const url = `${node.url}/api/v1/operations/${name}`;
  return told(await owner(url, { method: 'POST', headers, body: JSON.stringify(input) }));
}

function grant(key: string, role: string, accept?: string) {
  const { organisation } = node.archive.ledger.self;
  const input = { role, replica: 'none', key: signerOf('somebody').did, organisation };
  return perform(key, 'member.grant', input, accept);
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
    const entries = await entriesSaid(node.archive.ledger);
    expect(await grant('two', 'archivist')).toEqual(granted);
    expect(await entriesSaid(node.archive.ledger)).toBe(entries);
    await opened.restart();
    ({ node } = opened);
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
    writeFileSync(join(answers, name), JSON.stringify({ ...kept, became: 'begun' }));
    expect(await upload('five', 'a last poem')).toEqual(problem(409, 'idempotency_unsettled'));
  });

  it('that tells a secret is done once, and the secret is nowhere on the disk', async () => {
    const invite = { role: 'archivist', organisation: null, replica: 'none', lifetimeMs: 60_000 };
    const hook = { url: 'https://tools.example/', types: ['withdrawal'], allowPrivate: false };
    for (const [name, input, secretIn] of [
      ['browser.link', {}, 'path'],
      ['webhook.add', hook, 'secret'],
      ['invite', invite, 'invitation'],
    ] as const) {
      const [status, answer] = await perform(name, name, input);
      expect([name, status]).toEqual([name, 200]);
      const secret = (answer as { result: Record<string, string> }).result[secretIn] ?? '';
      expect(secret.length).toBeGreaterThan(32);
      const kept = readdirSync(answers).map((file) => readFileSync(join(answers, file), 'utf8'));
      expect(kept.join()).not.toContain(secret);
      expect(await perform(name, name, input)).toEqual(problem(409, 'idempotency_unsettled'));
    }
    expect(node.archive.webhooks.list()).toHaveLength(1);
  });

  it('needs one that can be a key, and an answer that can be kept', async () => {
    expect(await upload('a b', 'x')).toEqual(problem(400, 'input_invalid'));
    expect(await grant('six', 'steward', 'application/x-ndjson')).toEqual(
      problem(400, 'input_invalid'),
    );
  });
});
