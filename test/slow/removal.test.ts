import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { CID } from 'multiformats/cid';
import { sha512 } from 'multiformats/hashes/sha2';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { grantMember } from '../../src/archive/governing/members.ts';
import { openDag } from '../../src/archive/open-dag.ts';
import { originalOf } from '../../src/archive/original-of.ts';
import { preview } from '../../src/archive/preview.ts';
import { readabilityFor } from '../../src/archive/readability.ts';
import { removalsToDo } from '../../src/archive/removing/carry-out-removals.ts';
import { listRemovals } from '../../src/archive/removing/list-removals.ts';
import { confirmRemoval, remove } from '../../src/archive/removing/remove.ts';
import { stateAbout } from '../../src/archive/state-about.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { verifyArchive } from '../../src/archive/verify-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import { REFLECTION_MS } from '../../src/core/provenance/removal-approval.ts';
import type { Caller } from '../../src/core/sharing/caller.ts';
import { carOf } from '../support/dag-builder.ts';
import { killedChild } from '../support/killed-child.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';

const SOON = { timeout: 60_000, interval: 100 };
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const MiB = 1_048_576;
/** One in each leaf that only the removed work has. */
const MARKS = ['vermilion-harrier', 'cobalt-dunlin', 'umber-whimbrel'];

const homes = new PartnerHomes();
const files: Record<string, Buffer> = {};
const cids = new Map<string, Cid>();
let a: PartnerNode;
let b: PartnerNode;

afterAll(() => homes[Symbol.asyncDispose]());

beforeAll(async () => {
  a = await homes.found('a');
  const shared = randomBytes(MiB);
  const own = Buffer.concat([randomBytes(MiB), randomBytes(MiB)]);
  own.write(MARKS[0] ?? '', 100);
  own.write(MARKS[1] ?? '', MiB + 100);
  const small = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>${MARKS[2]}</title></svg>`;
  files['gone.bin'] = Buffer.concat([shared, own]);
  files['small.svg'] = Buffer.from(small);
  files['stays.bin'] = Buffer.concat([shared, randomBytes(99)]);
  // The first leaf of the removed work is a work of its own.
  files['leaf.bin'] = shared;
  for (const name of Object.keys(files)) await takeIn(name);
  b = await homes.join('b', a);
  const fetched = () => [...cids.values()].every((cid) => b.archive.content.isRoot(cid));
  await vi.waitFor(() => expect(fetched()).toBe(true), SOON);
});

/** Offers a file to the first home, and returns what it says of it. */
async function takeIn(name: string) {
  writeFileSync(homes.path(name), files[name] ?? '');
  const options = { all: true, custody: false, hidden: false, dryRun: false, measured: false };
  const request = { ...options, paths: [homes.path(name)], collection: 'c' };
  const events = await Array.fromAsync(ingest(request, a.archive));
  for (const { cid } of a.archive.catalog.list({}, { limit: 9 }).assets) {
    if (![...cids.values()].includes(cid)) cids.set(name, cid);
  }
  return events;
}

function cidOf(name: string): Cid {
  return cids.get(name) as Cid;
}

/** Which marks are in any file of a home's packs. */
function marksIn(home: string): string[] {
  const packs = readdirSync(homes.path(home, 'packs'));
  const bytes = packs.map((name) => readFileSync(homes.path(home, 'packs', name)));
  return MARKS.filter((mark) => bytes.some((pack) => pack.includes(mark)));
}

async function readAll(name: string, { archive }: PartnerNode): Promise<boolean> {
  const chunks: Buffer[] = [];
  for await (const chunk of archive.content.read(cidOf(name))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).equals(files[name] ?? Buffer.alloc(0));
}

const refused = (text: string) =>
  expect.objectContaining({ code: 'statement_rejected', message: expect.stringContaining(text) });

it('withholds bytes at once, and has every node destroy them when it is confirmed', async () => {
  const subject = await subjectOf({ assets: [cidOf('gone.bin'), cidOf('small.svg')] }, a.archive);
  await expect(remove({ subject, reason: 'asked' }, b.archive)).rejects.toThrow(refused(''));
  const previews = homes.path('a', 'previews', cidOf('small.svg').slice(-2));
  await preview(cidOf('small.svg'), a.archive);
  expect(readdirSync(previews)).toEqual([cidOf('small.svg')]);
  const { id } = await remove({ subject, reason: 'asked' }, a.archive);
  for (const { archive } of [a, b]) {
    const status = () => archive.catalog.asset(cidOf('gone.bin'))?.status;
    await expect.poll(status, SOON).toBe('removed');
  }
  await expect(confirmRemoval({ id }, a.archive)).rejects.toThrow(refused('the only one'));
  await expect(confirmRemoval({ id: 'x/0' }, a.archive)).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
  const [asked] = await listRemovals(a.archive);
  expect(asked).toMatchObject({ id, state: 'asked', assets: 2, here: 2, acknowledged: [] });
  expect(asked?.waiting).toHaveLength(2);

  homes.laterMs = REFLECTION_MS + 2_000;
  await expect(confirmRemoval({ id }, b.archive)).rejects.toThrow(refused(''));
  expect([marksIn('a'), marksIn('b')]).toEqual([MARKS, MARKS]);
  await confirmRemoval({ id }, a.archive);
  const waiting = async () => (await listRemovals(a.archive))[0]?.waiting;
  await expect.poll(waiting, SOON).toEqual([]);

  expect(readdirSync(previews)).toEqual([]);
  for (const [name, node] of Object.entries({ a, b })) {
    expect(marksIn(name)).toEqual([]);
    const [listed] = await listRemovals(node.archive);
    expect(listed).toMatchObject({ state: 'due', here: 0, assets: 2 });
    expect(listed?.acknowledged.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(await node.archive.content.has(cidOf('gone.bin'))).toBe(false);
    // What other works are made of is here still.
    for (const other of ['stays.bin', 'leaf.bin']) expect(await readAll(other, node)).toBe(true);
    expect((await verifyArchive(node.archive)).problems).toEqual([]);
  }
});

it('is not taken in again, nor given to anybody, and leaves nothing behind by being offered', async () => {
  for (const name of ['gone.bin', 'small.svg']) {
    const refusals = (await takeIn(name)).filter(({ event }) => event === 'failed');
    expect(refusals).toMatchObject([{ code: 'content_removed', subject: name }]);
  }
  expect(marksIn('a')).toEqual([]);
  expect(await readAll('stays.bin', a)).toBe(true);
  const { archive } = a;
  await expect(originalOf(cidOf('gone.bin'), archive)).rejects.toThrow(
    expect.objectContaining({ code: 'content_removed' }),
  );
  const open = (caller: Caller) => () =>
    openDag(CID.parse(cidOf('gone.bin')), (root) => readabilityFor(caller, root, archive), archive);
  expect(open({ kind: 'owner' })).toThrow(expect.objectContaining({ code: 'content_withdrawn' }));
  // It was never theirs to know of.
  expect(open({ kind: 'anonymous' })).toThrow(expect.objectContaining({ code: 'not_found' }));
});

it('is not given by another hash of its bytes, as what is served beside the archive', async () => {
  const bytes = files['small.svg'] ?? Buffer.alloc(0);
  const cid = CID.createV1(0x55, await sha512.digest(bytes));
  writeFileSync(homes.path('served.car'), carOf([cid], [{ cid, bytes }]));
  const { archive } = a;
  await archive.served.add(homes.path('served.car'));
  const { blocks } = openDag(cid, () => 'hidden', archive);
  await expect(blocks.get(cid)).rejects.toMatchObject({ code: 'block_missing' });
});

it('is acknowledged once, and a removal that was taken back destroys nothing', async () => {
  const asset = cidOf('stays.bin');
  const subject = await subjectOf({ assets: [asset] }, a.archive);
  const { id } = await remove({ subject, reason: 'error' }, a.archive);
  homes.laterMs += REFLECTION_MS + 2_000;
  await stateAbout(
    'resolution',
    (record) => ({ of: [id as never], outcome: 'lifted', record }),
    { subject },
    a.archive,
  );
  await confirmRemoval({ id }, a.archive);
  await a[Symbol.asyncDispose]();
  a = await homes.open('a');
  await b.network.dial(a.network.addresses[0] ?? '');
  const sizes = () => [a, b].map(({ archive }) => archive.ledger.size());
  await expect.poll(() => new Set(sizes()).size, SOON).toBe(1);
  const listed = await listRemovals(a.archive);
  expect(listed.map(({ state, acknowledged }) => [state, acknowledged.length])).toEqual([
    ['due', 2],
    ['lifted', 0],
  ]);
  expect(await readAll('stays.bin', a)).toBe(true);
});

it('is confirmed by a steward of another organisation at once, and carried out by both', async () => {
  const { ledger } = b.archive;
  const { did, organisation } = ledger.self;
  expect(organisation).not.toBe(a.archive.ledger.self.organisation);
  const seat = { key: did, role: 'steward', organisation, replica: 'all' } as const;
  await grantMember(seat, a.archive);
  const roles = () => ledger.memberOf(did)?.roles;
  await expect.poll(roles, SOON).toContain('steward');
  const subject = await subjectOf({ assets: [cidOf('leaf.bin')] }, b.archive);
  const { id } = await remove({ subject, reason: 'asked' }, b.archive);
  const status = () => a.archive.catalog.asset(cidOf('leaf.bin'))?.status;
  await expect.poll(status, SOON).toBe('removed');
  await expect(confirmRemoval({ id }, b.archive)).rejects.toThrow(refused('another one'));
  await confirmRemoval({ id }, a.archive);
  const done = async () => (await listRemovals(b.archive)).find((one) => one.id === id);
  await expect.poll(async () => (await done())?.acknowledged, SOON).toHaveLength(2);
  const listed = await done();
  expect(listed).toMatchObject({ state: 'due', waiting: [] });
  expect(listed?.confirmations.map((one) => one.organisation)).toEqual([
    a.archive.ledger.self.organisation,
  ]);
  // Its bytes are the first leaf of a work that stays, on both.
  for (const node of [a, b]) expect(await readAll('stays.bin', node)).toBe(true);
});

it('is finished by the next start of a process that was killed in the middle of it', async () => {
  const marks = Array.from({ length: 40 }, (_, index) => `ringed-plover-${index}-`);
  const bytes = Buffer.alloc(40 * MiB);
  for (const [index, mark] of marks.entries()) {
    randomBytes(64).copy(bytes, index * MiB + 200);
    bytes.write(mark, index * MiB + 100);
  }
  files['killed.bin'] = bytes;
  await takeIn('killed.bin');
  const asset = cidOf('killed.bin');
  const subject = await subjectOf({ assets: [asset] }, a.archive);
  const { id } = await remove({ subject, reason: 'asked' }, a.archive);
  await expect.poll(() => b.archive.catalog.asset(asset)?.status, SOON).toBe('removed');
  // Nothing carries it out in this process: the home is closed before the other's word can come.
  await a[Symbol.asyncDispose]();
  await confirmRemoval({ id }, b.archive);
  a = await homes.open('a', {}, { isCarriedOut: false });
  await b.network.dial(a.network.addresses[0] ?? '');
  await expect.poll(() => removalsToDo({ isNewOnly: true }, a.archive).length, SOON).toBe(1);
  await a[Symbol.asyncDispose]();
  const here = () =>
    readdirSync(homes.path('a', 'packs')).flatMap((name) => {
      const pack = readFileSync(homes.path('a', 'packs', name));
      return marks.filter((mark) => pack.includes(mark));
    });
  expect(here()).toHaveLength(marks.length);
  const left: number[] = [];
  for (const delayMs of [0, 5, 15, 40, 90, 200]) {
    const args = [homes.path('a'), String(homes.laterMs)];
    await killedChild(
      'remove.ts',
      args,
      async ({ written }) => {
        await written();
        await setTimeout(delayMs);
      },
      true,
    );
    left.push(here().length);
  }
  expect(left.toSorted((one, other) => other - one)).toEqual(left);
  a = await homes.open('a');
  await b.network.dial(a.network.addresses[0] ?? '');
  const done = async () => (await listRemovals(b.archive)).find((one) => one.id === id);
  await expect.poll(async () => (await done())?.acknowledged.length, SOON).toBe(2);
  expect(here()).toEqual([]);
  expect(await a.archive.content.has(asset)).toBe(false);
  expect((await verifyArchive(a.archive)).problems).toEqual([]);
  expect(await readAll('stays.bin', a)).toBe(true);
});
