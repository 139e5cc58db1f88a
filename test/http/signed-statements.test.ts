import type { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { ClaimFile } from '../../src/core/entries/claim-file.ts';
import { performIn } from '../support/perform.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What the pages sign with. Their types are those of a browser, so they are not looked at here. */
const PAGES = new URL('../../src/web/api/sign-statement.ts', import.meta.url).href;
const { readDraft, refuseOther, signDraft } = (await import(PAGES)) as {
  readDraft(file: unknown, archive: string): object;
  refuseOther(draft: object, expected: object): void;
  signDraft(draft: object, key: object): Promise<string>;
};

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;
let asset = '';

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  const path = join(temporary.path, 'poem.txt');
  writeFileSync(path, 'a poem');
  const options = { all: true, custody: false, hidden: false, dryRun: false, measured: false };
  await performIn(home, 'ingest', { ...options, paths: [path], collection: 'c' });
  asset = node.archive.catalog.list({}, { limit: 1 }).assets[0]?.cid ?? '';
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

const STOP = { kind: 'hold', reason: 'look-again', source: 'steward', deadline: null };

async function drafted(): Promise<ClaimFile> {
  const words = { stop: STOP, subject: { assets: [asset] }, note: 'the paper is too new' };
  return ((await performIn(home, 'statement.draft', words)) as { file: ClaimFile }).file;
}

const expected = () => {
  const { kind, ...body } = STOP;
  return { kind, about: { asset }, body, note: 'the paper is too new' };
};

it('are read out of what is signed, and signed with a key that no script reads out', async () => {
  const { address } = node.archive.ledger;
  // What generates a key that signs gives a pair.
  const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', false, [
    'sign',
  ])) as webcrypto.CryptoKeyPair;
  const { x = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  const { path } = await node.archive.browsers.createLink();
  const link = path.replace('/sign-in#', '');
  const answer = await fetch(`${node.url}/api/v1/browsers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link, key: x }),
  });
  const { key } = (await answer.json()) as { key: string };
  const draft = readDraft(await drafted(), address);
  refuseOther(draft, expected());
  const claim = await signDraft(draft, { key, privateKey });
  const { by } = (await performIn(home, 'statement.import', { claim })) as { by: string };
  expect(by).toBe(key);
  expect(node.archive.catalog.facts(asset as never)?.known.hold).toMatchObject([{ author: key }]);
});

it('are not signed where the node drafts another thing than was asked for', async () => {
  const { address } = node.archive.ledger;
  const file = await drafted();
  const draft = readDraft(file, address);
  for (const other of [
    { ...expected(), kind: 'takedown' },
    { ...expected(), about: { asset: 'bafkqabdqn5sw2' } },
    { ...expected(), body: { reason: 'look-elsewhere' } },
    { ...expected(), body: { ...expected().body, more: 1 } },
    { ...expected(), note: undefined },
  ]) {
    expect(() => refuseOther(draft, other)).toThrow('something else than was asked for');
  }
  expect(() => readDraft(file, '/orbitdb/zdpu')).toThrow('another archive');
  const [note] = file.notes;
  const notes = [{ ...note, text: 'the paper is old' }];
  expect(() => readDraft({ ...file, notes }, address)).toThrow('the note that its hold names');
});
