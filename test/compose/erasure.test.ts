import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Claim } from '../../src/archive/claims/claim-words.ts';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { draftClaim } from '../../src/archive/claims/make-claim.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { vouchForKey } from '../../src/archive/claims/vouchers.ts';
import { deleteErased } from '../../src/archive/erasing/delete-erased.ts';
import { erasePerson } from '../../src/archive/erasing/erase-person.ts';
import { listErasures } from '../../src/archive/erasing/list-erasures.ts';
import { planErasure } from '../../src/archive/erasing/plan-erasure.ts';
import { explain } from '../../src/archive/explain.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { verifyArchive } from '../../src/archive/verify-archive.ts';
import { restoreHome } from '../../src/compose/backups/restore-home.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { signerOf } from '../support/keys.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';

const SOON = { timeout: 60_000, interval: 100 };
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const NAME = 'Xanthippe Quillfeather';
const OTHER = 'Ada Vesperby';
const maker = signerOf('xanthippe');
const passphrase = 'a long enough passphrase';

const homes = new PartnerHomes();
let a: PartnerNode;
let b: PartnerNode;
let c: PartnerNode;
let hers: Cid;
let others: Cid;
let offered: Parameters<typeof ingest>[0];

afterAll(() => homes[Symbol.asyncDispose]());

beforeAll(async () => {
  a = await homes.found('a');
  const svg = (d: string) => `<svg xmlns="http://www.w3.org/2000/svg"><path d="${d}"/></svg>`;
  writeFileSync(homes.path('one.svg'), svg('M0 0L9 9'));
  writeFileSync(homes.path('two.svg'), svg('M0 9L9 0'));
  const catalogue = homes.path('catalog.csv');
  const reserved = 'http://rightsstatements.org/vocab/InC/1.0/';
  writeFileSync(
    catalogue,
    `path,title,creator,licence\none.svg,Line,${NAME},${reserved}\ntwo.svg,Harbour,${OTHER},${reserved}\n`,
  );
  const request = { paths: [homes.path('one.svg'), homes.path('two.svg')], collection: 'c' };
  const options = { all: false, custody: false, hidden: false, dryRun: false, measured: false };
  offered = { ...request, ...options, catalogue: { path: catalogue } };
  for await (const event of ingest(offered, a.archive)) {
    if (event.event === 'failed') throw new Error(event.text);
  }
  const { assets } = a.archive.catalog.list({}, { limit: 5 });
  const called = (title: string) => assets.find((one) => one.title === title)?.cid as Cid;
  hers = called('Line');
  others = called('Harbour');
  const subject = await subjectOf({ assets: [hers] }, a.archive);
  await vouchForKey({ key: maker.did, maker: NAME, subject }, a.archive);
  const terms = { under: null, replaces: [], legalBasis: 'consent' };
  const how = { sourceType: 'digitalCreation', generative: 'none', tools: ['krita'] } as const;
  const claims: readonly Claim[] = [
    { kind: 'declaration', ...how },
    { kind: 'consent', preset: 'anyone', role: 'author', ...terms },
  ];
  for (const claim of claims) {
    const about = { claim, subject, maker: NAME, key: maker.did };
    const { file } = await draftClaim(about, a.archive);
    const { claim: signed } = signClaim(JSON.stringify(file), maker, sha256);
    await importClaim({ claim: JSON.stringify(signed), checked: false }, a.archive);
  }
  b = await homes.join('b', a);
  c = await homes.join('c', a);
});

/** What a node answers about her work: which rule says what. */
function rulesAt({ archive }: Pick<PartnerNode, 'archive'>) {
  if (!archive.catalog.has(hers)) return {};
  const asked = { purpose: 'data_mining', policy: 'corroborated', requester: 'anyone' } as const;
  const { gates } = explain({ asset: hers, ...asked, at: timestampOf(archive.clock) }, archive);
  const rules = gates.flatMap((gate) => gate.rules);
  return Object.fromEntries(
    ['R2', 'R4', 'R7'].map((name) => [name, rules.find(({ rule }) => rule === name)?.code]),
  );
}

function found(text: string, { archive }: PartnerNode): number {
  return archive.catalog.list({ text }, { limit: 2 }).assets.length;
}

/** The files below a folder in which any of these words is, in any byte. */
function filesWith(words: readonly string[], folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesWith(words, path);
    const bytes = readFileSync(path, 'latin1').toLowerCase();
    return words.some((word) => bytes.includes(word.toLowerCase())) ? [path] : [];
  });
}

const WORDS = [NAME, 'quillfeather', maker.did];

const objectedTo = async (id: string, text: string, answer: string | null = null) =>
  a.archive.objections.add({
    ...{ id: `obj_${id.repeat(16)}`, receipt: id.repeat(64), asset: others, reason: 'other', text },
    ...{ at: '2026-11-01T00:00:00Z', deadline: '2126-12-01T00:00:00Z', stop: null },
    answer:
      answer === null ? null : { outcome: 'dismissed', text: answer, at: '2026-11-02T00:00:00Z' },
  });

it('deletes the words of objections that name a person, whom no record may name, and keeps the objections', async () => {
  await objectedTo('1', 'I am Wilhelmina\n PETTIFER, and this is mine');
  await objectedTo('2', 'Mine', 'Wilhelmina Pettifer made it');
  await objectedTo('3', 'Wilhelmina Pettiferson is another one');
  const request = { person: 'Wilhelmina Pettifer', reason: 'request' };
  const done = await erasePerson(request, a.archive);
  expect(done).toMatchObject({ objections: 2, others: 0, assets: 0, statements: [], due: null });
  expect(a.archive.objections.list()).toMatchObject([
    { text: '', answer: null },
    { text: 'Mine', answer: { outcome: 'dismissed', text: '' } },
    { text: 'Wilhelmina Pettiferson is another one' },
  ]);
  expect(filesWith(['pettifer,', 'pettifer made'], homes.path('a'))).toEqual([]);
  await expect(erasePerson(request, a.archive)).rejects.toMatchObject({ code: 'not_found' });
});

it('erases a person on every node, down to the last byte, and each says so', async () => {
  const nodes = [a, b, c];
  for (const node of nodes) {
    await expect.poll(() => rulesAt(node), SOON).toEqual({ R2: null, R4: null, R7: null });
    await expect.poll(() => found('quillfeather', node), SOON).toBe(1);
  }
  // Who recorded it lets the maker in, and nobody else does.
  expect(nodes.map(({ archive }) => archive.catalog.hasSigned(maker.did))).toEqual([
    true,
    false,
    false,
  ]);
  await objectedTo('4', `${NAME} did this`);
  await b.archive.backups.take({ out: homes.path('backup'), passphrase, withPacks: true });
  const { plan } = await planErasure(NAME.toUpperCase(), a.archive);
  expect(plan).toEqual({
    person: { names: [NAME.toLowerCase()], keys: [maker.did] },
    records: { deposit: 1, finding: 0, note: 0, name: 1, envelope: 2 },
    ...{ others: 0, objections: 1, assets: 1, releases: 0 },
  });
  expect((await planErasure(maker.did, a.archive)).plan).toEqual(plan);
  // A partner is no steward and has written nothing of it.
  const request = { person: NAME, reason: 'request' };
  const refused = expect.objectContaining({ code: 'statement_rejected' });
  await expect(erasePerson(request, b.archive)).rejects.toThrow(refused);
  await expect(erasePerson({ ...request, person: 'Quill' }, a.archive)).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );

  const { statements } = await erasePerson(request, a.archive);
  expect(statements).toHaveLength(1);
  const after = { R2: 'E_ERASED', R4: 'E_CHAIN', R7: 'E_ORIGIN_UNKNOWN' };
  for (const node of nodes) {
    await expect.poll(() => rulesAt(node), SOON).toEqual(after);
    expect(found('quillfeather', node)).toBe(0);
    expect(found('vesperby', node)).toBe(1);
    expect(node.archive.catalog.hasSigned(maker.did)).toBe(false);
    expect(node.archive.catalog.asset(hers)).toMatchObject({ title: '', creators: [] });
  }
  // The catalogue with her name is offered once more, as it is every night.
  const again = await Array.fromAsync(ingest(offered, a.archive));
  expect(again.at(-1)).toMatchObject({ event: 'done', files: 2, deposits: 0, described: 0 });
  await expect(planErasure(NAME, a.archive)).resolves.toMatchObject({ records: [] });
  const [listed] = listErasures(a.archive);
  expect(listed).toMatchObject({ id: statements[0], records: 4, here: { hidden: 4, deleted: 0 } });
  expect(listed?.waiting).toHaveLength(3);

  homes.laterMs = 8 * 86_400_000;
  expect(await deleteErased({ isEarly: false }, a.archive)).toEqual({
    records: 4,
    acknowledged: statements,
  });
  const waiting = () => listErasures(a.archive)[0]?.waiting.length;
  await expect.poll(waiting, SOON).toBe(0);
  expect(listErasures(a.archive)[0]?.acknowledged.map(({ outcome }) => outcome)).toEqual(
    Array(3).fill('done'),
  );
  for (const [name, node] of Object.entries({ a, b, c })) {
    expect((await verifyArchive(node.archive)).problems).toEqual([]);
    await node[Symbol.asyncDispose]();
    expect(filesWith(WORDS, homes.path(name))).toEqual([]);
    expect(filesWith([OTHER], homes.path(name))).not.toEqual([]);
    const catalog = homes.path(name, 'catalog.db');
    const before = dumpTables(catalog);
    rmSync(catalog);
    {
      await using archive = await openArchive(homes.path(name));
      expect(rulesAt({ archive })).toEqual(after);
      expect(archive.catalog.has(others)).toBe(true);
    }
    expect(dumpTables(catalog)).toEqual(before);
  }
});

it('erases again at a node that was restored from an older backup', async () => {
  rmSync(homes.path('b'), { recursive: true });
  await restoreHome(homes.path('b'), { from: homes.path('backup'), passphrase, isAlone: false });
  expect(filesWith(WORDS, homes.path('b'))).not.toEqual([]);
  a = await homes.open('a');
  b = await homes.open('b');
  expect(found('quillfeather', b)).toBe(1);
  await b.network.dial(a.network.addresses[0] ?? '');
  await expect.poll(() => found('quillfeather', b), SOON).toBe(0);
  homes.laterMs += 8 * 86_400_000;
  await deleteErased({ isEarly: false }, b.archive);
  expect((await verifyArchive(b.archive)).problems).toEqual([]);
  await b[Symbol.asyncDispose]();
  expect(filesWith(WORDS, homes.path('b'))).toEqual([]);
});
