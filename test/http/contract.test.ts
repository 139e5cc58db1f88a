import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { ENDPOINTS } from '../../src/http/contract/endpoints.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
let node: RunningNode;
let url: string;

beforeAll(async () => {
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems' });
  node = await openNode(home, { log: () => {} });
  url = node.url ?? '';
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

describe('the description', () => {
  it('is OpenAPI 3.1, and names every parameter that requests are validated by', async () => {
    const description = (await (await fetch(`${url}/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    };
    expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'Ringfence' } });
    for (const { id, method, path, parameters, query } of ENDPOINTS) {
      const described = description.paths[path]?.[method];
      expect(described?.operationId).toBe(id);
      for (const [place, schema] of Object.entries({ path: parameters, query })) {
        const names = described?.parameters.filter((one) => one.in === place);
        expect(names?.map(({ name }) => name)).toEqual(Object.keys(schema?.shape ?? {}));
      }
    }
    expect(JSON.stringify(description)).not.toContain('"$schema"');
  });

  it('is sent once to whoever keeps it', async () => {
    const first = await fetch(`${url}/openapi.json`);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${url}/openapi.json`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('has a page for people, with every endpoint, that runs and fetches nothing', async () => {
    const response = await fetch(`${url}/docs`);
    const page = await response.text();
    for (const { id } of ENDPOINTS) expect(page).toContain(`id="${id}"`);
    expect(page).not.toMatch(/<script|\son\w+=|src=|https?:/);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(policy).not.toContain('unsafe');
  });
});

describe('a node whose operator has not opened it', () => {
  it('does not answer whether a work is here', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const asked = await fetch(`${url}/api/v1/find`, { method: 'POST', headers, body: 'poem' });
    expect([asked.status, await asked.json()]).toMatchObject([403, { code: 'not_allowed' }]);
    expect((await fetch(`${url}/is-my-work-here`)).status).toBe(403);
  });
});

describe('answers', () => {
  it('have each an id of its own, and tell browsers to do nothing with them', async () => {
    const [one, other] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)]);
    expect([await one.text(), await other.text()]).toEqual(['ok\n', 'ready\n']);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    expect(Object.fromEntries(one.headers)).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('name the methods that a path has', async () => {
    for (const { path, method } of ENDPOINTS) {
      const response = await fetch(url + path.replace('{asset}', 'x'), { method: 'DELETE' });
      expect([path, response.status]).toEqual([path, 405]);
      const allowed = method === 'get' ? 'GET, HEAD' : 'POST';
      expect(response.headers.get('allow')).toContain(allowed);
      if (path.startsWith('/ipfs/')) continue;
      const options = await fetch(url + path.replace('{asset}', 'x'), { method: 'OPTIONS' });
      expect([path, options.headers.get('allow')]).toEqual([
        path,
        expect.stringContaining(allowed),
      ]);
    }
  });
});
