import { cp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restoreHome } from '../../src/compose/backups/restore-home.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import { encodeInstitutions } from '../../src/core/policy/documents.ts';
import type { Block } from '../../src/core/statements/block.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { encodeMessage, FEED } from '../../src/replica/feed/protocol.ts';
import { PASSPHRASE } from '../support/backup-home.ts';
import { AT } from '../support/deposits.ts';
import { openHostilePeer } from '../support/hostile-peer.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry, organisationOf } from '../support/ledger-archive.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';
import { Siege, within } from '../support/siege.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
});
afterAll(() => siege?.[Symbol.asyncDispose]());

const hold = (asset: string): StatementOutline =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

function made(name: string, over: readonly MadeEntry[], statement: StatementOutline): MadeEntry {
  const { address } = siege.victim.archive.ledger;
  const inline = ['proposal', 'approval', 'enactment'].includes(statement.kind);
  return makeEntry({ address }, signerOf(name), over, [statement], { inline });
}

/** What `doctor` says of a key on the victim. */
async function toldOf(subject: string) {
  const { findings } = await siege.doctor();
  return findings.filter((one) => one.subject === subject);
}

describe('a partner', () => {
  it('that is restored from an old backup gets back what it wrote since, and forks nothing', async () => {
    const { node, home } = await siege.join('forgetful');
    const { did } = node.archive.ledger.self;
    const from = siege.homeOf('backup');
    await node.archive.backups.take({ out: from, passphrase: PASSPHRASE, withPacks: true });
    await siege.during(async () => {
      for (let i = 0; i < 3; i++) await node.archive.ledger.checkpoint({ force: true });
      const last = node.archive.ledger.size();
      await node[Symbol.asyncDispose]();
      await rm(home, { recursive: true });
      const restored = siege.homeOf('restored');
      await restoreHome(restored, { from, passphrase: PASSPHRASE, isAlone: false });
      const again = (await siege.open(restored)).node.archive;
      await within(() => expect(again.ledger.isWaiting).toBe(false));
      expect(again.ledger.size()).toBeGreaterThanOrEqual(last);
      const { entry } = await again.ledger.checkpoint({ force: true });
      if (entry === undefined) throw new Error('a forced checkpoint is an entry');
      await within(() => expect(siege.has({ hash: entry })).toBe(true));
    });
    expect(await toldOf(did)).toEqual([]);
  });

  it('whose home runs twice is told of, and holds nobody up', async () => {
    const { node, home } = await siege.join('doubled');
    const { did } = node.archive.ledger.self;
    await node[Symbol.asyncDispose]();
    const copy = siege.homeOf('double');
    await cp(home, copy, { recursive: true });
    // Each writes before it meets anybody, who could tell it what the other one wrote.
    for (const place of [home, copy]) {
      await using archive = await openArchive(place);
      await archive.ledger.checkpoint({ force: true });
    }
    await siege.during(async () => {
      const doubles = [await siege.open(home), await siege.open(copy)];
      const isTold = async () => {
        for (const { node: one } of doubles) await one.archive.ledger.checkpoint({ force: true });
        const kinds = (await toldOf(did)).map(({ kind }) => kind);
        expect(kinds.some((kind) => kind === 'fork' || kind === 'contradiction')).toBe(true);
      };
      await vi.waitFor(isTold, { timeout: 60_000, interval: 200 });
    });
  });
});

describe('R7: a member that calls from before the node runs', () => {
  it('is answered on its first stream, and its log is taken', async () => {
    await siege.grant('early');
    const entries = [made('early', siege.heads(), hold('early'))];
    const log = siege.logOf('early', entries);
    const { address } = siege;
    const { address: archive } = siege.victim.archive.ledger;
    for (let turn = 0; turn < 3; turn++) {
      await using network = await openLoopbackNetwork('early', { listen: [] });
      const restarted = siege.restart();
      let refusals = 0;
      const answer = await within(async () => {
        const peer = await network.dial(address).catch((error: unknown) => {
          refusals += 1;
          throw error;
        });
        if (refusals === 0) throw new Error('the node has not stopped yet');
        using stream = await network.open(peer, FEED);
        await stream.send(encodeMessage({ type: 'hello', archive, origin: '', size: 0 }));
        return await stream.receive();
      });
      await restarted;
      expect(answer?.length).toBeGreaterThan(100);
    }
    await using _early = await siege.show('early', log);
    await within(() => expect(entries.every((entry) => siege.has(entry))).toBe(true));
  });
});

describe('an old node among new ones', () => {
  it('that speaks an earlier protocol is turned away, and stays a member', async () => {
    await siege.grant('old');
    await using old = await openHostilePeer('old');
    await siege.during(async () => {
      const earlier = FEED.name.replace(/\d+$/, '0');
      await expect(old.open(siege.address, earlier)).rejects.toThrow(/protocol/i);
      const stream = await old.open(siege.address, FEED.name);
      const { address: archive } = siege.victim.archive.ledger;
      stream.sendMessage(encodeMessage({ type: 'hello', archive, origin: '', size: 0 }));
      await within(() => expect(stream.received().length).toBeGreaterThan(100));
    });
  });

  it('passes on what it does not know: kinds and versions of newer programs', async () => {
    await siege.grant('newer', 'archivist');
    await siege.grant('carrier');
    await siege.during(async () => {
      const kind: StatementOutline = { ...hold('newer kind'), kind: 'blessing' };
      const version: StatementOutline = { ...hold('newer version'), v: 2 };
      const entries = [made('newer', siege.heads(), kind)];
      entries.push(made('newer', entries, version));
      await using _carrier = await siege.show('carrier', siege.logOf('carrier', entries));
      const { feed } = siege.honest.archive;
      for (const { hash } of entries) {
        await within(() => expect(feed.arrivalOf(hash)).toBeDefined());
        expect(await toldOf(`${hash}/0`)).toMatchObject([{ kind: 'unknown' }]);
      }
    });
  });
});

describe('stewards', () => {
  it('who enact rivals are told of, and every node has the same one in force', async () => {
    const { ledger } = siege.victim.archive;
    await siege.grant('ben', 'steward');
    await siege.grant('cyd', 'steward');
    await siege.during(async () => {
      // Of two stewards both must agree on the third.
      const seat = ledger.governance().proposals.find(({ status }) => status === 'open');
      const agreed = ruled('ben', siege.heads(), 'approval', yes(seat?.id));
      await deliver('first postman', [agreed]);
      await within(() => expect(ledger.governance().stewards).toHaveLength(3));
      const past = siege.heads();
      const chain: MadeEntry[] = [];
      const tip = () => (chain.length === 0 ? past : chain.slice(-1));
      const proposals = ['one', 'two'].map((reason) => {
        const proposed = ruled('ben', tip(), 'proposal', trusting(reason));
        chain.push({ ...proposed, blocks: [LISTS[reason === 'one' ? 0 : 1]] });
        return `${proposed.hash}/0` as const;
      });
      for (const by of ['ben', 'cyd']) {
        for (const id of proposals) chain.push(ruled(by, tip(), 'approval', yes(id)));
      }
      const over = tip();
      for (const [i, proposal] of proposals.entries()) {
        chain.push(ruled(i === 0 ? 'ben' : 'cyd', over, 'enactment', { proposal }));
      }
      await deliver('second postman', chain);
      const outcome = (of: Pick<typeof ledger, 'governance'>) =>
        of
          .governance()
          .proposals.filter(({ id }) => proposals.some((one) => one === id))
          .map(({ id, status }) => `${id} ${status}`);
      await within(() => expect(outcome(siege.honest.archive.ledger)).toEqual(outcome(ledger)));
      const statuses = outcome(ledger).map((one) => one.split(' ')[1]);
      expect(statuses.sort()).toEqual(['enacted', 'rival']);
      const { findings } = await siege.doctor();
      const told = findings.filter(({ kind }) => kind === 'rivals');
      expect(told).toMatchObject([{ text: expect.stringMatching(/enacted on the same base/) }]);
    });
  });

  const LISTS = ['one', 'two'].map((name) => {
    const institutions = [{ id: organisationOf(name), name }];
    return encodeInstitutions({ v: 1, type: 'institutions', institutions }, sha256);
  }) as [Block, Block];

  function ruled<K extends KindName>(
    by: string,
    over: readonly MadeEntry[],
    kind: K,
    body: BodyOf<K>,
  ): MadeEntry {
    return made(by, over, createStatement(kind, null, AT, body));
  }

  const yes = (proposal = '') => ({ proposal, vote: 'yes', digest: null }) as BodyOf<'approval'>;

  function trusting(reason: string): BodyOf<'proposal'> {
    const topic = 'trust:institutions';
    const base = siege.victim.archive.ledger.governance().baseOf(topic);
    const document = LISTS[reason === 'one' ? 0 : 1].cid;
    const rest = { stewards: null, format: null, reason, record: null };
    return { topic, base: base as BodyOf<'proposal'>['base'], document, ...rest };
  }

  async function deliver(postman: string, entries: readonly MadeEntry[]): Promise<void> {
    await siege.grant(postman);
    await using _postman = await siege.show(postman, siege.logOf(postman, entries));
    await within(() => expect(entries.every((entry) => siege.has(entry))).toBe(true));
  }
});

describe('a network key', () => {
  const KEY = '07'.repeat(32);

  it.each([
    ['another one', '08'.repeat(32)],
    ['none', undefined],
  ])('keeps out a member that has %s', async (_what, networkKey) => {
    await using fenced = await Siege.begin({ networkKey: KEY });
    await fenced.grant('outside');
    await using outside = await openHostilePeer(
      'outside',
      networkKey === undefined ? {} : { networkKey },
    );
    await fenced.during(async () => {
      await expect(outside.open(fenced.address, FEED.name)).rejects.toThrow();
      await within(async () => {
        const { findings } = await fenced.doctor();
        const told = findings.filter(({ kind }) => kind === 'peer');
        expect(told.map(({ subject }) => subject)).toContainEqual(
          expect.stringMatching(/127\.0\.0\.1/),
        );
      });
    });
    const { peers } = fenced.victim;
    expect(peers.network.peers().map(({ peer }) => peer)).not.toContain(outside.did);
  });
});
