import { describe, expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { createEnvelope } from '../../src/core/entries/envelope.ts';
import type { Arrival } from '../../src/core/ports/ledger.ts';
import type { Imported } from '../../src/core/ports/ledger-feed.ts';
import { type Block, encodeBlock } from '../../src/core/statements/block.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { AT, appendOf, depositOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry, openReplica, testArchive } from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben', 'cyd');
const [ana, ben] = [signerOf('ana'), signerOf('ben')];
const { founding } = archive;
const hold = (asset: string) =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

async function arrivalsOf(ledger: SqliteLedger): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const arrival of ledger.arrivals(0)) arrivals.push(arrival);
  return arrivals;
}

const outcomes = (imported: readonly Imported[]) =>
  imported.map((one) => (one.outcome === 'refused' ? one.error.code : one.outcome));

async function expectWhole(ledger: SqliteLedger): Promise<void> {
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
}

it('takes what others wrote, in the order given, and what it says then stands', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const first = makeEntry(archive, ana, [founding], [hold('a')]);
  const second = makeEntry(archive, ben, [first], [hold('b')]);
  const imported = await ledger.importEntries([first, second]);
  expect(imported.map((one) => one.entry)).toEqual([first.hash, second.hash]);
  expect(outcomes(imported)).toEqual(['accepted', 'accepted']);
  const arrivals = await arrivalsOf(ledger);
  expect(arrivals.map((one) => one.author)).toEqual([ana.did, ana.did, ben.did]);
  expect(arrivals[2]?.standing[0]).toMatchObject({ clock: 3, roles: ['steward'] });
  expect(ledger.isAncestor(first.hash, second.hash)).toBe(true);
  await expectWhole(ledger);
});

it('takes an entry once', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const entry = makeEntry(archive, ana, [founding], [hold('a')]);
  expect(outcomes(await ledger.importEntries([entry, entry]))).toEqual(['accepted', 'accepted']);
  const [again] = await ledger.importEntries([entry]);
  expect(again).toMatchObject({ outcome: 'known', arrival: 1 });
  expect(ledger.size()).toBe(2);
});

it('leaves out what is not acceptable with all that builds on it, and takes the rest', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const bad = makeEntry(archive, signerOf('eve'), [founding], [hold('a')]);
  const onBad = makeEntry(archive, ana, [bad], [hold('b')]);
  const good = makeEntry(archive, ana, [founding], [hold('c')]);
  const imported = await ledger.importEntries([bad, onBad, good]);
  expect(outcomes(imported)).toEqual(['entry_rejected', 'entry_rejected', 'accepted']);
  expect(ledger.size()).toBe(2);
  await expectWhole(ledger);
});

it('does not take an entry before its parents', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const first = makeEntry(archive, ana, [founding], [hold('a')]);
  const second = makeEntry(archive, ana, [first], [hold('b')]);
  const imported = await ledger.importEntries([second, first]);
  expect(outcomes(imported)).toEqual(['entry_rejected', 'accepted']);
  expect(outcomes(await ledger.importEntries([second]))).toEqual(['accepted']);
});

describe('an entry whose batch', () => {
  it('did not come with it is not taken, and is when it does', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const entry = makeEntry(archive, ana, [founding], [hold('a')]);
    const withheld = { ...entry, blocks: [] };
    expect(outcomes(await ledger.importEntries([withheld]))).toEqual(['block_missing']);
    const [other] = makeEntry(archive, ana, [founding], [hold('b')]).blocks;
    const [batch] = entry.blocks;
    if (other === undefined || batch === undefined) throw new Error('an entry has a batch');
    const lying = { ...entry, blocks: [{ cid: batch.cid, bytes: other.bytes }] };
    expect(outcomes(await ledger.importEntries([lying]))).toEqual(['block_missing']);
    expect(outcomes(await ledger.importEntries([entry]))).toEqual(['accepted']);
  });

  it.each<[string, unknown]>([
    ['is no batch', { v: 1 }],
    ['is of another version', { v: 2, statements: [hold('a')] }],
    ['is empty', { v: 1, statements: [] }],
    ['holds 1,025 statements', { v: 1, statements: Array(1_025).fill(hold('a')) }],
    ['holds a statement without its outline', { v: 1, statements: [{ ...hold('a'), at: 'now' }] }],
    ['holds a statement with a field too much', { v: 1, statements: [{ ...hold('a'), x: 1 }] }],
  ])('%s is never taken', async (_what, value) => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const batch = encodeBlock(value, sha256);
    const entry = makeEntry(archive, ana, [founding], [hold('a')], {
      payload: { format: 1, batch: batch.cid },
    });
    const imported = await ledger.importEntries([{ ...entry, blocks: [batch] }]);
    expect(outcomes(imported)).toEqual(['entry_rejected']);
  });
});

describe('of the statements of an entry, each alone', () => {
  const bad: StatementOutline = { ...hold('bad'), body: { reason: 'x' } };
  const unknown: StatementOutline = { ...hold('unknown'), kind: 'blessing' };
  const newer: StatementOutline = { ...hold('newer'), v: 2 };
  const carried = { envelope: depositOf('a').record.cid, signer: '00'.repeat(32) };

  it('the bad ones count for nothing, the unknown ones are kept, the others stand', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const elsewhere = makeEntry(archive, ben, [founding], [hold('z')]);
    const entry = makeEntry(
      archive,
      ana,
      [founding],
      [
        hold('good'),
        bad,
        unknown,
        newer,
        { ...hold('carried'), carried },
        createStatement('grant', null, AT, {
          id: ben.did,
          key: ben.did,
          organisation: '00'.repeat(16),
          replica: 'all',
          record: null,
          role: 'archivist',
        }),
        createStatement('resolution', { asset: assetCid('good') }, AT, {
          ...BODIES.resolution,
          of: [`${elsewhere.hash}/0`],
        }),
        createStatement('dispute', { asset: assetCid('carried') }, AT, BODIES.dispute),
      ],
    );
    expect(outcomes(await ledger.importEntries([elsewhere, entry]))).toEqual([
      'accepted',
      'accepted',
    ]);
    const arrival = (await arrivalsOf(ledger))[2];
    expect(arrival?.standing.map((one) => one.id)).toEqual([`${entry.hash}/0`, `${entry.hash}/7`]);
    expect(arrival?.unknown.map((one) => one.id)).toEqual([`${entry.hash}/2`, `${entry.hash}/3`]);
    const places = arrival?.void.map((one) => one.id.slice(one.id.indexOf('/')));
    expect(places).toEqual(['/1', '/4', '/5', '/6']);
    await expectWhole(ledger);
  });

  it('a maker may dispute in an envelope that somebody carries', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const dispute = createStatement('dispute', { asset: assetCid('a') }, AT, BODIES.dispute);
    const entry = makeEntry(archive, ana, [founding], [{ ...dispute, carried }]);
    await ledger.importEntries([entry]);
    const [standing] = (await arrivalsOf(ledger))[1]?.standing ?? [];
    expect(standing).toMatchObject({ roles: ['maker'], author: ana.did });
  });

  it('governance stands inline, and an unknown kind of it is kept', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const adopt = createStatement('adopt', null, AT, { entries: [founding.hash] });
    const known = makeEntry(archive, ana, [founding], [adopt], { inline: true });
    const decree = { ...adopt, kind: 'decree' };
    const later = makeEntry(archive, ana, [known], [decree], { inline: true });
    expect(outcomes(await ledger.importEntries([known, later]))).toEqual(['accepted', 'accepted']);
    const [, first, second] = await arrivalsOf(ledger);
    expect(first?.standing).toHaveLength(1);
    expect(second?.unknown).toMatchObject([{ kind: 'decree', about: null }]);
    await expectWhole(ledger);
  });
});

describe('a set that a statement is about', () => {
  const set = createSet([assetCid('a'), assetCid('b')], sha256);
  const [root, page] = set.blocks;
  if (root === undefined || page === undefined) throw new Error('a set has a root and a page');
  const about = (cid: typeof set.cid) => [createStatement('hold', { set: cid }, AT, BODIES.hold)];

  it('belongs to the entry, page by page', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const entry = makeEntry(archive, ana, [founding], about(set.cid));
    const come = (...blocks: readonly (typeof root)[]) =>
      ledger.importEntries([{ ...entry, blocks: [...entry.blocks, ...blocks] }]);
    expect(outcomes(await come())).toEqual(['block_missing']);
    expect(outcomes(await come(root))).toEqual(['block_missing']);
    expect(outcomes(await come(page))).toEqual(['block_missing']);
    expect(outcomes(await come(page, root))).toEqual(['accepted']);
    expect(await ledger.setMembers(set.cid)).toHaveLength(2);
    await expectWhole(ledger);
  });

  it.each([
    ['is no set', encodeBlock({ v: 1 }, sha256), []],
    [
      'has another count than its pages',
      encodeBlock({ ...rootFields(), count: 3 }, sha256),
      [page],
    ],
    ['has another root', encodeBlock({ ...rootFields(), root: '00'.repeat(32) }, sha256), [page]],
  ])(
    'that %s makes the statement count for nothing, and the entry is kept',
    async (_what, broken, pages) => {
      using folder = temporaryFolder();
      await using ledger = await openReplica(archive, folder.path, 'cyd');
      const entry = makeEntry(archive, ana, [founding], [...about(broken.cid), hold('a')]);
      const blocks = [...entry.blocks, broken, ...pages];
      expect(outcomes(await ledger.importEntries([{ ...entry, blocks }]))).toEqual(['accepted']);
      const arrival = (await arrivalsOf(ledger))[1];
      expect(arrival?.void.map((one) => one.id)).toEqual([`${entry.hash}/0`]);
      expect(arrival?.standing.map((one) => one.id)).toEqual([`${entry.hash}/1`]);
      await expectWhole(ledger);
    },
  );

  function rootFields() {
    return { v: 1, count: 2, root: '00'.repeat(32), pages: [page?.cid] };
  }
});

describe('a statement that a member has signed elsewhere', () => {
  const says = { archive: archive.address, nonce: '0a'.repeat(16), statements: [hold('a')] };
  const signedBy = (signer: typeof ben, envelope = createEnvelope(says, signer)) => {
    const block = { cid: cidFromDigest(CODEC.raw, sha256(envelope)), bytes: envelope };
    const statement = { ...hold('a'), signed: { by: signer.did, envelope: block.cid } };
    return { block, statement };
  };
  const carrying = (made: MadeEntry, block: Block) => ({
    ...made,
    blocks: [...made.blocks, block],
  });

  it('counts as that member’s word', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const { block, statement } = signedBy(ben);
    const entry = makeEntry(archive, ana, [founding], [statement]);
    expect(outcomes(await ledger.importEntries([entry]))).toEqual(['block_missing']);
    expect(outcomes(await ledger.importEntries([carrying(entry, block)]))).toEqual(['accepted']);
    const [standing] = (await arrivalsOf(ledger))[1]?.standing ?? [];
    expect(standing).toMatchObject({ author: ben.did, roles: ['steward'] });
    await expectWhole(ledger);
  });

  it.each([
    ['a key that is no member', () => signedBy(signerOf('eve'))],
    ['an envelope by somebody else', () => signedBy(ben, createEnvelope(says, ana))],
    [
      'an envelope to another archive',
      () => signedBy(ben, createEnvelope({ ...says, archive: '/orbitdb/zdpuOther' }, ben)),
    ],
    [
      'an envelope that says something else',
      () => signedBy(ben, createEnvelope({ ...says, statements: [hold('b')] }, ben)),
    ],
    ['what is no envelope', () => signedBy(ben, Uint8Array.of(1))],
  ])('counts for nothing with %s', async (_what, make) => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const { block, statement } = make();
    const entry = carrying(makeEntry(archive, ana, [founding], [statement]), block);
    expect(outcomes(await ledger.importEntries([entry]))).toEqual(['accepted']);
    expect((await arrivalsOf(ledger))[1]?.void).toHaveLength(1);
    await expectWhole(ledger);
  });

  it('counts once: carried again, it would revive what was ended since', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    const { block, statement } = signedBy(ben);
    const twice = carrying(makeEntry(archive, ana, [founding], [statement, statement]), block);
    const later = carrying(makeEntry(archive, ana, [twice], [statement]), block);
    // Nobody knew of the first there: whoever reads both has the same words twice.
    const concurrent = carrying(makeEntry(archive, ben, [founding], [statement]), block);
    await ledger.importEntries([twice, later, concurrent]);
    const arrivals = await arrivalsOf(ledger);
    expect(arrivals.slice(1).map((one) => [one.standing.length, one.void.length])).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    await expectWhole(ledger);
    await expect(
      ledger.append({ statements: [statement], records: [], documents: [block] }),
    ).rejects.toThrow(expect.objectContaining({ code: 'statement_rejected' }));
  });
});

it('remembers two entries of one key of which neither builds on the other', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const one = makeEntry(archive, ana, [founding], [hold('a')]);
  const other = makeEntry(archive, ana, [founding], [hold('b')]);
  const merge = makeEntry(archive, ben, [one, other], [hold('c')]);
  await ledger.importEntries([one, other, merge]);
  expect(ledger.forks()).toEqual([{ author: ana.did, entries: [one.hash, other.hash] }]);
  expect((await arrivalsOf(ledger)).every((arrival) => arrival.void.length === 0)).toBe(true);
  await expectWhole(ledger);
});

it('takes a second founding entry as a fork of the founder', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const [checkpoint] = (await arrivalsOf(ledger))[0]?.standing ?? [];
  if (checkpoint === undefined) throw new Error('the founding entry holds a checkpoint');
  const again = { ...checkpoint.statement, at: '2026-11-22T14:28:35Z' };
  const second = makeEntry(archive, ana, [], [again]);
  const without = makeEntry(archive, ana, [], [hold('a')]);
  const imported = await ledger.importEntries([second, without]);
  expect(outcomes(imported)).toEqual(['accepted', 'entry_rejected']);
  expect(ledger.forks()).toHaveLength(1);
});

it('goes on over 2,000 concurrent heads, 16 at a time, without forking its own chain', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'cyd');
  const own = await ledger.append(appendOf('own'));
  const clock = (await arrivalsOf(ledger)).at(-1)?.standing[0]?.clock ?? 0;
  const heads = Array.from({ length: 2_000 }, (_, i) =>
    makeEntry(archive, i % 2 === 0 ? ana : ben, [founding], [hold(`${i}`)]),
  );
  // The last head is the only one over the home's own entry.
  const over = makeEntry(archive, ben, [{ hash: own.entry, clock }], [hold('over')]);
  for (let start = 0; start < heads.length; start += 250) {
    await ledger.importEntries(heads.slice(start, start + 250));
  }
  await ledger.importEntries([over]);
  expect(ledger.size()).toBe(2_003);
  const next = await ledger.append(appendOf('next'));
  expect(ledger.isAncestor(own.entry, next.entry)).toBe(true);
  expect(ledger.isAncestor(over.hash, next.entry)).toBe(true);
  expect(ledger.forks().filter((fork) => fork.author === ledger.self.did)).toEqual([]);
  const { entry: state } = await ledger.checkpoint({ force: true });
  for (let i = 0; i < heads.length; i += 37) {
    expect(ledger.isAncestor(heads[i]?.hash ?? state, state)).toBe(true);
  }
  expect(ledger.forks().filter((fork) => fork.author === ledger.self.did)).toEqual([]);
  // 15 more heads with every entry: 2,001 heads are one after 134 of them.
  expect(ledger.size()).toBeLessThan(2_003 + 136);
  await expectWhole(ledger);
});
