import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPERATIONS } from '../../../src/archive/operations/operations.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../../src/compose/open-node.ts';
import { publicKeyOf } from '../../../src/core/entries/did-key.ts';
import type { Signer } from '../../../src/core/ports/keys.ts';
import { RIGHT_OF_OPERATION, RIGHTS, RIGHTS_OF } from '../../../src/http/callers/roles.ts';
import { createToken } from '../../../src/http/callers/token.ts';
import { askNode } from '../../../src/http/operations/ask-node.ts';
import { signerOf } from '../../support/keys.ts';
import { signedFetch } from '../../support/signed-fetch.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const archivist = signerOf('archivist');
const stranger = signerOf('stranger');
const guest = signerOf('guest of another house');
let node: RunningNode;
let owner: typeof fetch;
/** One in a public collection, one that is the organisation's. */
let open: string;
let closed: string;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  owner = await signedFetch(home);
  for (const name of ['open', 'closed']) {
    const folder = join(temporary.path, name);
    await mkdir(folder);
    await writeFile(join(folder, 'a.txt'), `${name} poem`);
    await perform('ingest', {
      ...{ paths: [folder], collection: name, all: true, custody: false },
      ...{ hidden: false, dryRun: false, measured: false },
    });
  }
  await perform('collection.set', { name: 'open', visibility: 'public', readers: [] });
  const { organisation } = node.archive.ledger.self;
  const grant = { role: 'archivist', replica: 'none' };
  await perform('member.grant', { ...grant, key: archivist.did, organisation });
  await perform('member.grant', { ...grant, key: guest.did, organisation: 'e'.repeat(32) });
  const { assets } = await listed(owner);
  [open = '', closed = ''] = assets.map(({ cid }) => cid);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function perform(name: string, input: unknown): Promise<unknown> {
  const signal = new AbortController().signal;
  return askNode(home, name, input, { signal, progress() {}, notice() {}, async item() {} });
}

async function listed(as: typeof fetch) {
  const page = await as(`${node.url}/api/v1/assets`);
  // The listing's own tests look at its form.
  return (await page.json()) as { assets: { cid: string; title: string }[] };
}

function tokenOf(signer: Signer, terms: Partial<Parameters<typeof createToken>[1]> = {}): string {
  const audience = node.archive.ledger.self.did;
  return createToken(signer, { audience, now: Date.now(), id: 'x', ...terms });
}

function as(signer: Signer): typeof fetch {
  const authorization = `Bearer ${tokenOf(signer)}`;
  return (url, init) => fetch(url, { ...init, headers: { authorization, ...init?.headers } });
}

function ask(by: typeof fetch, name: string, input: unknown, accept = 'application/json') {
  return by(`${node.url}/api/v1/operations/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(input),
  });
}

describe('whoever is not signed in', () => {
  it('reads what is public, and is not told that there is anything else', async () => {
    expect((await listed(fetch)).assets.map(({ cid }) => cid)).toEqual([open]);
    for (const path of ['/api/v1/assets/CID', '/api/v1/assets/CID/explain', '/ipfs/CID']) {
      const of = async (cid: string) => (await fetch(node.url + path.replace('CID', cid))).status;
      expect([path, await of(open), await of(closed)]).toEqual([path, 200, 404]);
    }
  });

  it('is asked to sign in for everything else', async () => {
    for (const name of OPERATIONS.keys()) {
      const refused = await ask(fetch, name, {});
      expect([name, refused.status]).toEqual([name, 401]);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await refused.json()).toMatchObject({ code: 'sign_in_required' });
    }
    expect((await fetch(`${node.url}/api/v1/events`)).status).toBe(401);
  });
});

describe('a token', () => {
  it('of the home’s key signs the owner in', async () => {
    expect((await listed(owner)).assets).toHaveLength(2);
    expect(await (await ask(owner, 'member.list', {})).json()).toMatchObject({
      result: [{ roles: expect.any(Array) }, {}, {}],
      items: [],
    });
  });

  it('of a member gives what its roles give, for as long as it is a member', async () => {
    const member = as(archivist);
    expect((await listed(member)).assets).toHaveLength(2);
    expect((await ask(member, 'list', { filter: {} })).status).toBe(200);
    const refused = await ask(member, 'member.grant', {});
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'not_allowed' }),
    ]);
    const events = await member(`${node.url}/api/v1/events`);
    expect(events.status).toBe(200);
    await perform('member.revoke', { id: archivist.did });
    // What it was being told ends before the statement that revokes it.
    expect(await events.text()).toBe('retry: 2000\n\n');
    const revoked = await member(`${node.url}/api/v1/assets`);
    expect([revoked.status, await revoked.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'sign_in_invalid' }),
    ]);
  });

  it('of another organisation’s member reads what that may read, and says nothing here', async () => {
    expect((await listed(as(guest))).assets.map(({ cid }) => cid)).toEqual([open]);
    expect((await ask(as(guest), 'declare', {})).status).toBe(403);
    expect((await ask(as(guest), 'list', { filter: {} })).status).toBe(403);
  });

  it('is refused when it is not exactly what it must be', async () => {
    const now = Date.now();
    const good = tokenOf(guest);
    const [head = '', body = '', signature = ''] = good.split('.');
    const headOf = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');
    const hmac = (text: string) => createHmac('sha256', guest.did).update(text).digest('base64url');
    const symmetric = `${headOf({ alg: 'HS256', typ: 'JWT' })}.${body}`;
    const other = tokenOf(stranger).split('.')[1];
    const jwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      x: Buffer.from(publicKeyOf(stranger.did)).toString('base64url'),
    };
    const signedBy = (signer: Signer, header: unknown, claims: string) => {
      const text = `${headOf(header)}.${claims}`;
      return `${text}.${Buffer.from(signer.sign(Buffer.from(text))).toString('base64url')}`;
    };
    const said = JSON.parse(Buffer.from(body, 'base64url').toString());
    const claims = (others: Record<string, unknown>) => headOf({ ...said, ...others });
    const usual = { alg: 'EdDSA', typ: 'JWT' };
    const owner = node.archive.ledger.self.did;
    for (const [what, token] of Object.entries({
      'a key of its own': signedBy(stranger, { ...usual, jwk }, body),
      'the owner, by another': signedBy(guest, usual, claims({ iss: owner })),
      'a key with a fragment': signedBy(guest, usual, claims({ iss: `${guest.did}#1` })),
      'several nodes': signedBy(guest, usual, claims({ aud: [said.aud, stranger.did] })),
      'a long life': signedBy(guest, usual, claims({ exp: said.iat + 601 })),
      'no end': signedBy(guest, usual, claims({ exp: undefined })),
      'a later beginning': signedBy(guest, usual, claims({ nbf: said.iat + 300 })),
      'an extension that must be known': signedBy(
        guest,
        { ...usual, crit: ['b64'], b64: false },
        body,
      ),
      'another type': signedBy(guest, { ...usual, typ: 'url+jwt' }, body),
      'a stranger': tokenOf(stranger),
      'another node’s': tokenOf(guest, { audience: stranger.did }),
      expired: tokenOf(guest, { now: now - 700_000 }),
      'of the future': tokenOf(guest, { now: now + 700_000 }),
      'no algorithm': `${headOf({ alg: 'none' })}.${body}.`,
      'a symmetric algorithm': `${symmetric}.${hmac(symmetric)}`,
      'another body': `${head}.${other}.${signature}`,
      'no signature': `${head}.${body}.`,
      'another signature': `${head}.${body}.${tokenOf(stranger).split('.')[2]}`,
      nonsense: 'x',
    })) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${node.url}/api/v1/assets`, { headers });
      expect([what, response.status]).toEqual([what, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      expect(await response.json()).toMatchObject({ code: 'sign_in_invalid' });
    }
    const basic = { authorization: `Basic ${good}` };
    expect((await fetch(`${node.url}/api/v1/assets`, { headers: basic })).status).toBe(401);
  });
});

describe('operations', () => {
  it('stream what they tell to whoever asks for it', async () => {
    const response = await ask(owner, 'list', { filter: {} }, 'application/x-ndjson');
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(['item', 'item', 'result']);
  });

  it('name the field that is wrong, and take no body that is not theirs', async () => {
    const wrong = await ask(owner, 'list', { filter: { colour: 'red' } });
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('filter') }),
    ]);
    const path = `${node.url}/api/v1/operations/list`;
    const sent = (type: string, body: string) =>
      owner(path, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await sent('text/plain', '{}')).status).toBe(415);
    expect((await sent('application/json', '{')).status).toBe(400);
    expect((await sent('application/json', '['.repeat(100_000))).status).toBe(400);
    expect((await sent('application/json', `"${'x'.repeat(9_000_000)}"`)).status).toBe(413);
  });
});

describe('the table of roles', () => {
  it('is what the README says', () => {
    const readme = readFileSync(new URL('../../../src/http/README.md', import.meta.url), 'utf8');
    const columns = Object.keys(RIGHTS_OF);
    const named = Object.entries(RIGHTS).map(([right, text]) => {
      const marks = Object.values(RIGHTS_OF).map((rights: readonly string[]) =>
        rights.includes(right) ? '✓' : ' ',
      );
      return `| \`${right}\` | ${text} | ${marks.join(' | ')} |`;
    });
    const table = [
      `| right | to | ${columns.join(' | ')} |`,
      `|---|---|${'---|'.repeat(columns.length)}`,
      ...named,
    ].join('\n');
    expect(readme).toContain(table);
  });

  it('names operations that there are', () => {
    expect([...RIGHT_OF_OPERATION.keys()].filter((name) => !OPERATIONS.has(name))).toEqual([]);
  });

  it('leaves to the owner what names files of the machine', () => {
    const naming = [...OPERATIONS.values()].filter(({ input }) => {
      const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
      return ['path', 'paths', 'folder', 'out'].some((name) => name in properties);
    });
    expect(naming.length).toBeGreaterThan(7);
    expect(naming.map(({ name }) => name).filter((name) => RIGHT_OF_OPERATION.has(name))).toEqual(
      [],
    );
  });
});
