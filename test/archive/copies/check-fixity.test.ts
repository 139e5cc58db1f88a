import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { checkFixity, type FixityOptions } from '../../../src/archive/copies/check-fixity.ts';
import { replicaStatus } from '../../../src/archive/copies/replica-status.ts';
import type { PackContentStore } from '../../../src/content/pack-content-store.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { Append } from '../../../src/core/ports/ledger.ts';
import type { EntryHash } from '../../../src/core/statements/fields.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { openStore } from '../../content/open-store.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { sha256 } from '../../support/memory-content.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DAY = 86_400_000;
const MIB = 1_048_576;

async function home() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryFolder());
  const content: PackContentStore = stack.use(await openStore(folder.path));
  const fixture = stack.use(catalogFixture());
  const { ledger, catalog } = fixture;
  const clock = { now: Date.parse(say.AT) };
  const self = { did: ledger.self.did, organisation: ledger.self.organisation };
  const member = { id: self.did, keys: [self.did], organisation: self.organisation };
  const parts = {
    content,
    catalog,
    sha256,
    clock: () => clock.now,
    ledger: {
      self,
      members: () => [{ ...member, roles: ['steward'], replica: 'all' }],
      governance: () => ({ names: new Map() }),
      append: async (append: Append) => ledger.append(append),
      isAncestor: (one: EntryHash, other: EntryHash) => ledger.isAncestor(one, other),
    },
    feeds: { newestFeed: () => undefined },
  };
  const deposit = async (size: number) => {
    const bytes = randomBytes(size);
    const { cid } = await content.putFile({ bytes });
    await content.sync([cid]);
    await fixture.say([say.deposit(cid, { title: 'x' }, { size })]);
    return { cid, bytes };
  };
  // The parts of a ledger that fixity uses.
  const given = parts as unknown as Parameters<typeof checkFixity>[0] &
    Parameters<typeof replicaStatus>[0];
  const check = async (options: FixityOptions = {}, stored = given.content) => {
    const report = await checkFixity({ ...given, content: stored }, options);
    await catalog.catchUp();
    return report;
  };
  const outcomes = (cid: Cid) =>
    (catalog.facts(cid)?.known.fixity ?? []).map(({ body }) => body.outcome);
  const status = (isKept = false) => replicaStatus(given, { policy: 'corroborated', isKept });
  return {
    content,
    clock,
    say: fixture.say,
    deposit,
    check,
    outcomes,
    status,
    catalog,
    ledger,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function damage(content: PackContentStore, cid: Cid, segment: number): Promise<void> {
  const place = (await content.locate(cid))[segment];
  if (place === undefined) throw new RangeError('no such segment');
  const pack = readFileSync(place.path);
  pack[place.offset] = (pack[place.offset] ?? 0) ^ 1;
  writeFileSync(place.path, pack);
}

it('reads what is registered as generated and deposited by nobody', async () => {
  await using given = await home();
  for (const size of [100, 3 * MIB]) {
    const { cid } = await given.content.putFile({ bytes: randomBytes(size) });
    await given.content.sync([cid]);
    const body = { generator: 'a-model', basis: 'registrant', mixed: false, record: null } as const;
    const statement = createStatement('synthetic', { asset: cid }, say.AT, body);
    await given.say([{ statement, records: [] }]);
  }
  expect(await given.check()).toMatchObject({ assets: 2, intact: 2, damaged: [] });
});

it('renews what it finds whole, in one entry, and leaves out what was proven lately', async () => {
  await using given = await home();
  const { check, clock, deposit, ledger, outcomes } = given;
  const assets = [await deposit(0), await deposit(100), await deposit(3 * MIB)];
  const size = ledger.size();
  expect(await check({ olderThanDays: 30 })).toMatchObject({ assets: 0, bytes: 0 });
  expect(ledger.size()).toBe(size);
  clock.now += 31 * DAY;
  const report = await check({ olderThanDays: 30 });
  expect(report).toMatchObject({ assets: 3, intact: 3, repaired: 0, damaged: [] });
  expect(report.bytes).toBeGreaterThan(3 * MIB);
  expect(ledger.size()).toBe(size + 1);
  for (const { cid } of assets) expect(outcomes(cid)).toEqual(['intact']);
  expect(await check({ olderThanDays: 30 })).toMatchObject({ assets: 0 });
  expect(await check()).toMatchObject({ assets: 3 });
});

it('says what is damaged, once, and that it is whole again after a repair', async () => {
  await using given = await home();
  const { check, content, deposit, outcomes, status } = given;
  const sound = await deposit(100);
  const broken = await deposit(3 * MIB);
  const leaves = await content.locate(broken.cid);
  await damage(content, broken.cid, 1);
  expect(await check()).toMatchObject({
    assets: 2,
    intact: 1,
    damaged: [{ asset: broken.cid, outcome: 'corrupt' }],
  });
  expect(outcomes(broken.cid)).toEqual(['corrupt']);
  expect((await status()).nodes[0]).toMatchObject({ wanted: 2, held: 2, proven: 1, lost: 1 });
  await check();
  expect(outcomes(broken.cid)).toEqual(['corrupt']);
  const repair: FixityOptions['repair'] = async ([found]) => {
    for (const { cid } of found?.damaged ?? []) {
      await content.repair(cid, broken.bytes.subarray(MIB, 2 * MIB));
    }
  };
  expect(await check({ repair })).toMatchObject({ intact: 1, repaired: 1, damaged: [] });
  expect(outcomes(broken.cid).sort()).toEqual(['corrupt', 'repaired']);
  expect((await status()).nodes[0]).toMatchObject({ wanted: 2, held: 2, proven: 2, lost: 0 });
  expect(outcomes(sound.cid)).not.toContain('corrupt');
  expect(leaves).toHaveLength(3);
});

it('reads no faster than it is let, and stops when it is told', async () => {
  await using given = await home();
  await given.deposit(3 * MIB);
  const stop = new AbortController();
  let blocks = 0;
  const pace = async () => {
    blocks += 1;
    if (blocks === 2) stop.abort();
  };
  await expect(given.check({ pace, signal: stop.signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(blocks).toBe(2);
});

/** Blocks that are in memory once they have been read, so that no read lets anybody else have a turn. */
function remembered(content: PackContentStore): PackContentStore {
  const known = new Map<Cid, Uint8Array>();
  const getBlock = async (cid: Cid) => {
    const bytes = known.get(cid) ?? (await content.getBlock(cid));
    known.set(cid, bytes);
    return bytes;
  };
  const rest = { isRoot: content.isRoot.bind(content), has: content.has.bind(content) };
  // The parts of a store that fixity uses.
  return { ...rest, getBlock } as PackContentStore;
}

it('lets others have their turn between blocks that are in memory', async () => {
  await using given = await home();
  await given.deposit(5 * MIB);
  const content = remembered(given.content);
  await given.check({}, content);
  const turns: number[] = [];
  let turn = 0;
  const next = () => {
    turn += 1;
    waiting = setImmediate(next);
  };
  let waiting = setImmediate(next);
  const pace = async () => {
    turns.push(turn);
    // Longer than a turn is.
    for (const until = performance.now() + 20; performance.now() < until; );
  };
  await given.check({ pace }, content);
  clearImmediate(waiting);
  expect(new Set(turns).size).toBe(6);
});

it('rests between looks at what is not to be read', async () => {
  await using given = await home();
  const count = 130;
  for (let deposited = 0; deposited < count; deposited += 1) await given.deposit(10);
  let rests = 0;
  const rest = async () => {
    rests += 1;
  };
  expect(await given.check({ olderThanDays: 1, rest })).toMatchObject({ assets: 0 });
  // Looked at in three parts of 64 at most.
  expect(rests).toBe(2);
});

it('counts copies once for all who take counts of some time ago, and anew for whoever does not', async () => {
  await using given = await home();
  const { catalog, deposit, status } = given;
  await deposit(100);
  const counting = vi.spyOn(catalog, 'wanted');
  const told = await Promise.all([status(true), status(true), status(true)]);
  for (const { nodes } of told) expect(nodes).toMatchObject([{ wanted: 1, held: 1, proven: 1 }]);
  expect(counting).toHaveBeenCalledTimes(1);
  await deposit(100);
  expect((await status()).nodes).toMatchObject([{ wanted: 2, held: 2, proven: 2 }]);
  expect(counting).toHaveBeenCalledTimes(2);
});

it('keeps counts of copies for as long as nothing is stored and nothing said', async () => {
  await using given = await home();
  const { catalog, content, deposit, status } = given;
  const { cid } = await deposit(100);
  const counting = vi.spyOn(catalog, 'wanted');
  const counted = async (at: number) => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(at);
    const { nodes } = await status(true);
    now.mockRestore();
    return [nodes[0]?.held, counting.mock.calls.length];
  };
  expect(await counted(1e12)).toEqual([1, 1]);
  expect(await counted(2e12)).toEqual([1, 1]);
  await content.destroy([cid]);
  expect(await counted(3e12)).toEqual([0, 2]);
  expect(await counted(4e12)).toEqual([0, 2]);
  await deposit(100);
  expect(await counted(5e12)).toEqual([1, 3]);
});
