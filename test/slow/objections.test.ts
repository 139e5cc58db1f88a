import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claim } from '../../src/archive/claims/claim-words.ts';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { draftClaim } from '../../src/archive/claims/make-claim.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { vouchForKey } from '../../src/archive/claims/vouchers.ts';
import { explain } from '../../src/archive/explain.ts';
import { answerObjection } from '../../src/archive/inquiries/answer-objection.ts';
import { carryOutDue } from '../../src/archive/inquiries/due-objections.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { systemEnvirons } from '../../src/compose/system.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY_MS = 86_400_000;
const PER_DAY = 40;
const MAKER = 'Zoë Quillfeather';
const maker = signerOf('zoe');
const eve = signerOf('eve');
const PRIVATE_WORDS = 'I am <b>Currer</b>, and I drew this in Haworth';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const log: LogLine[] = [];
let laterMs = 0;
let node: RunningNode;
let open: Cid[];
let closed: Cid;

beforeAll(async () => {
  await foundArchive(home, { name: 'Prints', institution: 'House' });
  const path = join(home, 'ringfence.json');
  const settings = JSON.parse(await readFile(path, 'utf8'));
  const inquiries = { open: true, objectionsPerDay: PER_DAY, answerDays: 14, keepDays: 10 };
  await writeFile(path, JSON.stringify({ ...settings, inquiries }));
  const environs = { ...systemEnvirons, clock: () => Date.now() + laterMs };
  node = await openNode(home, { log: (line) => void log.push(line), environs });
  for (const [name, files] of [
    ['open', ['a', 'b', 'c', 'd', 'f']],
    ['closed', ['e']],
  ] as const) {
    const folder = join(temporary.path, name);
    await mkdir(folder);
    const rows = files.map((file) => `${file}.txt,Poem ${file},${MAKER},CC0-1.0`);
    for (const file of files) await writeFile(join(folder, `${file}.txt`), `poem ${file}`);
    const catalog = join(folder, 'catalog.csv');
    await writeFile(catalog, ['path,title,creator,licence', ...rows].join('\n'));
    await perform('ingest', {
      ...{ paths: [folder], collection: name, all: false, custody: false },
      ...{ hidden: false, dryRun: false, measured: false, catalogue: { path: catalog } },
    });
  }
  await perform('collection.set', { name: 'open', visibility: 'public', readers: [] });
  const { assets } = node.archive.catalog.list({}, { limit: 9 });
  const called = (title: string) => assets.find((one) => one.title === title)?.cid as Cid;
  open = ['a', 'b', 'c', 'd', 'f'].map((file) => called(`Poem ${file}`));
  closed = called('Poem e');
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function perform(name: string, input: unknown): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  await askNode(home, name, input, {
    signal: new AbortController().signal,
    progress() {},
    notice() {},
    // Items of operations are objects.
    item: async (item) => void items.push(item as Record<string, unknown>),
  });
  return items;
}

async function post(path: string, body: unknown) {
  const response = await fetch(node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  // Answers and problems are objects.
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const object = (asset: string, text = PRIVATE_WORDS) =>
  post('/api/v1/objections', { asset, reason: 'made-by-me', text });
const lookUp = (receipt: unknown) => post('/api/v1/objections/answer', { receipt });
const pending = () => perform('objection.list', { all: false });

function reasonsOf(asset: Cid): string {
  const at = new Date(Date.now() + laterMs).toISOString().replace(/\.\d+/, '');
  const question = { purpose: 'data_mining', requester: 'anyone', policy: 'corroborated' } as const;
  return JSON.stringify(explain({ asset, ...question, at }, node.archive));
}

describe('an objection without an account', () => {
  it('waits for a steward, known to nobody but whoever has its receipt', async () => {
    const [asset = ''] = open;
    const { status, answer } = await object(asset);
    expect([status, answer]).toMatchObject([200, { state: 'pending' }]);
    expect(Date.parse(String(answer['deadline'])) - Date.now()).toBeGreaterThan(13 * DAY_MS);
    expect(await lookUp(answer['receipt'])).toMatchObject({
      status: 200,
      answer: { asset, state: 'pending', answer: null },
    });
    expect(await pending()).toMatchObject([{ asset, text: PRIVATE_WORDS, isOverdue: false }]);
    const { catalog } = node.archive;
    expect([...catalog.said('dispute'), ...catalog.said('hold')]).toEqual([]);
    expect(reasonsOf(open[0] as Cid)).not.toContain('H_DISPUTE');
    expect(JSON.stringify(log)).not.toContain('Currer');
    const [kept = ''] = readdirSync(join(home, 'objections'));
    const bytes = readFileSync(join(home, 'objections', kept), 'utf8');
    expect(bytes).not.toContain(String(answer['receipt']).replaceAll('-', ''));
    expect(bytes).not.toContain(String(answer['receipt']));
  });

  it('upheld puts the work in dispute, with none of the words in the ledger', async () => {
    const [asset = '' as Cid] = open;
    const [{ id } = {}] = await pending();
    const text = 'You are right <script>';
    await perform('objection.answer', { id, outcome: 'upheld', text });
    expect(reasonsOf(asset)).toContain('H_DISPUTE');
    const said = JSON.stringify([...node.archive.catalog.said('dispute')]);
    expect(said).toContain('made-by-me');
    expect(said).not.toMatch(/Currer|right/);
    expect(await pending()).toEqual([]);
  });

  it('dismissed changes nothing, and is deleted some days after its answer', async () => {
    const asset = open[1] as Cid;
    const { answer } = await object(asset);
    const [{ id } = {}] = await pending();
    await perform('objection.answer', { id, outcome: 'dismissed', text: 'no' });
    expect(reasonsOf(asset)).not.toContain('H_');
    const receipt = String(answer['receipt']).toLowerCase().replaceAll('-', ' ');
    expect(await lookUp(receipt)).toMatchObject({ answer: { state: 'dismissed' } });
    laterMs += 11 * DAY_MS;
    expect(await carryOutDue({ keepDays: 10 }, node.archive)).toEqual({ held: 0, deleted: 2 });
    expect(await lookUp(receipt)).toMatchObject({ status: 404, answer: { code: 'not_found' } });
    expect(readdirSync(join(home, 'objections'))).toEqual([]);
  });

  it('that nobody answers in time holds the work, once, until somebody does', async () => {
    const asset = open[2] as Cid;
    const { answer } = await object(asset);
    laterMs += 15 * DAY_MS;
    expect(await pending()).toMatchObject([{ isOverdue: true }]);
    expect(await carryOutDue({ keepDays: 10 }, node.archive)).toEqual({ held: 1, deleted: 0 });
    expect(await carryOutDue({ keepDays: 10 }, node.archive)).toEqual({ held: 0, deleted: 0 });
    expect(reasonsOf(asset)).toContain('H_HOLD');
    expect(await lookUp(answer['receipt'])).toMatchObject({ answer: { state: 'held' } });
    const [{ id } = {}] = await pending();
    await perform('objection.answer', { id, outcome: 'dismissed', text: '' });
    expect(reasonsOf(asset)).not.toContain('H_HOLD');
  });

  it('that held a work and is upheld puts it in dispute instead, once, though its node was killed', async () => {
    const asset = open[2] as Cid;
    const { catalog, objections } = node.archive;
    await object(asset);
    laterMs += 15 * DAY_MS;
    await carryOutDue({ keepDays: 10 }, node.archive);
    const [{ id: named } = {}] = await pending();
    const id = String(named);
    const [before] = objections.list().filter((one) => one.id === id);
    const disputes = [...catalog.said('dispute')].length;
    await perform('objection.answer', { id, outcome: 'upheld', text: '' });
    expect(reasonsOf(asset)).toContain('H_DISPUTE');
    expect(reasonsOf(asset)).not.toContain('H_HOLD');
    // As it is where the dispute was recorded and the answer was not.
    await objections.change(id, async () => before);
    await perform('objection.answer', { id, outcome: 'upheld', text: '' });
    expect([...catalog.said('dispute')]).toHaveLength(disputes + 1);
    const [{ stop } = {}] = objections.list().filter((one) => one.id === id);
    expect(stop).toBe([...catalog.said('dispute')].at(-1)?.id);
  });

  it('upheld after its hold was ended is a dispute all the same', async () => {
    const asset = open[4] as Cid;
    await object(asset);
    laterMs += 15 * DAY_MS;
    await carryOutDue({ keepDays: 30 }, node.archive);
    const [{ id, stop } = {}] = await pending();
    const subject = { assets: [asset] };
    await perform('resolve', { of: [stop], outcome: 'lifted', subject });
    expect(reasonsOf(asset)).not.toContain('H_HOLD');
    await perform('objection.answer', { id, outcome: 'upheld', text: '' });
    expect(reasonsOf(asset)).toContain('H_DISPUTE');
  });

  it('answered while deadlines are carried out keeps its answer', async () => {
    const [one, other] = open.slice(0, 2) as [Cid, Cid];
    await object(one);
    await object(other);
    laterMs += 15 * DAY_MS;
    const ids = (await pending()).map(({ id }) => String(id));
    expect(ids).toHaveLength(2);
    const carrying = carryOutDue({ keepDays: 30 }, node.archive);
    const answers = ids.map((id) =>
      answerObjection({ id, outcome: 'dismissed', text: 'seen' }, node.archive),
    );
    await Promise.all([carrying, ...answers]);
    const kept = node.archive.objections.list().filter(({ id }) => ids.includes(id));
    expect(kept).toMatchObject(ids.map(() => ({ answer: { text: 'seen' }, stop: null })));
    for (const asset of [one, other]) expect(reasonsOf(asset)).not.toContain('H_HOLD');
  });

  it('to what is not public is told as one to what is not here', async () => {
    const strange = closed.replace(/.{5}y?$/, (end) => end.replace(/[a-z2-7]/, 'q'));
    const [hidden, missing] = [await object(closed), await object(strange)];
    expect([hidden.status, hidden.answer['code']]).toEqual([404, 'not_found']);
    expect(missing).toEqual({
      ...hidden,
      answer: {
        ...hidden.answer,
        detail: String(hidden.answer['detail']).replace(closed, strange),
      },
    });
  });
});

describe('an objection that a maker has signed', () => {
  async function draft(claim: Claim, asset: Cid, by: Signer): Promise<object> {
    const { archive } = node;
    const subject = await subjectOf({ assets: [asset] }, archive);
    const { file } = await draftClaim({ claim, subject, maker: MAKER, key: by.did }, archive);
    return signClaim(JSON.stringify(file), by, sha256).claim;
  }
  const dispute = { kind: 'dispute', reason: 'not-agreed', against: [] } as const;

  it('stops the work at once where the key has signed for it before, and never twice', async () => {
    const asset = open[3] as Cid;
    const { archive } = node;
    await vouchForKey(
      { key: maker.did, maker: MAKER, subject: await subjectOf({ assets: [asset] }, archive) },
      archive,
    );
    const declared = await draft(
      { kind: 'declaration', sourceType: 'digitalCreation', generative: 'none', tools: [] },
      asset,
      maker,
    );
    const strange = await post('/api/v1/objections', { claim: declared });
    expect(strange).toMatchObject({ status: 400, answer: { code: 'input_invalid' } });
    const early = await draft(dispute, asset, maker);
    expect(await post('/api/v1/objections', { claim: early })).toMatchObject({
      status: 403,
      answer: { code: 'not_allowed' },
    });
    await importClaim({ claim: JSON.stringify(declared), checked: false }, archive);
    const forged = await draft(dispute, asset, eve);
    expect((await post('/api/v1/objections', { claim: forged })).status).toBe(403);
    expect(reasonsOf(asset)).not.toContain('H_DISPUTE');
    const claim = await draft(dispute, asset, maker);
    expect(await post('/api/v1/objections', { claim })).toMatchObject({
      status: 200,
      answer: { state: 'held', asset },
    });
    expect(reasonsOf(asset)).toContain('H_DISPUTE');
    expect(await post('/api/v1/objections', { claim })).toMatchObject({
      status: 422,
      answer: { code: 'statement_rejected' },
    });
  });
});

describe('the pages of objections', () => {
  const form = (path: string, fields: Record<string, string>) =>
    fetch(`${node.url}/is-my-work-here/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });

  it('take an objection and show its answer, with nothing of it run as code', async () => {
    const [asset = ''] = open;
    const asked = await fetch(`${node.url}/is-my-work-here/object?asset=${asset}`);
    expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining(asset)]);
    const sent = await form('object', { asset, reason: 'other', text: PRIVATE_WORDS });
    const [, receipt = ''] = /<code>([A-Z2-7-]{29})<\/code>/.exec(await sent.text()) ?? [];
    expect(receipt).not.toBe('');
    const [{ id } = {}] = await pending();
    await perform('objection.answer', { id, outcome: 'dismissed', text: '<script>1</script>' });
    const shown = await (await form('answer', { receipt })).text();
    expect(shown).toContain('&#60;script&#62;');
    expect(shown).not.toContain('<script');
    expect(asked.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(asked.headers.get('referrer-policy')).toBe('same-origin');
  });

  it('say what is wrong with what was sent', async () => {
    for (const [path, fields, status] of [
      ['object', { asset: closed, reason: 'other', text: 'x' }, 404],
      ['object', { asset: 'x', reason: 'other', text: 'x' }, 400],
      ['answer', { receipt: 'A'.repeat(25) }, 404],
      ['answer', { receipt: '' }, 400],
    ] as const) {
      const response = await form(path, fields);
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.text()).toContain('role="alert"');
    }
    expect((await fetch(`${node.url}/is-my-work-here/object?asset=${closed}`)).status).toBe(404);
  });
});

describe('whoever sends too much', () => {
  it('is refused before it is read', async () => {
    const [asset = ''] = open;
    expect((await object(asset, 'x'.repeat(4001))).status).toBe(400);
    expect((await post('/api/v1/objections', `{"text":"${'x'.repeat(10_000_000)}"}`)).status).toBe(
      413,
    );
    expect((await post('/api/v1/objections', '['.repeat(1000))).status).toBe(400);
    expect(await pending()).toEqual([]);
  });

  it('leaves the stewards ten of one asset at the most, and is let through so often in a day', async () => {
    const asset = open[1] as Cid;
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429) statuses.push((await object(asset)).status);
    expect(statuses.slice(0, 11)).toEqual([...Array(10).fill(200), 503]);
    expect(statuses.length).toBeLessThanOrEqual(PER_DAY);
    expect(await pending()).toHaveLength(10);
    const receipts = Array.from({ length: 40 }, () => lookUp('A'.repeat(25)));
    expect((await Promise.all(receipts)).map(({ status }) => status)).toContain(429);
  });
});
