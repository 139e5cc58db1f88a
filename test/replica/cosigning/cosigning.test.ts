import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArchiveError } from '../../../src/core/errors.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { SqliteCosignerMemory } from '../../../src/ledger/checkpoints/cosigner-memory.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { Cosigning } from '../../../src/replica/cosigning/cosigning.ts';
import { COSIGN } from '../../../src/replica/cosigning/protocol.ts';
import { appendOf } from '../../support/deposits.ts';
import { signerOf } from '../../support/keys.ts';
import { AT, openReplica, testArchive } from '../../support/ledger-archive.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben', 'cyd');
const HOUR = 3_600_000;
const clock = { now: Date.UTC(2026, 10, 22, 14) };

/** A node with its ledger, its memory and its part in cosigning. */
async function openNode(hub: MemoryHub, folder: string, name: string) {
  await using opened = new AsyncDisposableStack();
  const signer = signerOf(name);
  const ledger = opened.use(await openReplica(archive, folder, name));
  const network = opened.use(hub.open({ did: signer.did }));
  const memory = opened.use(SqliteCosignerMemory.open(join(folder, `${name}-witness.db`)));
  const problems: ArchiveError[] = [];
  const appended = { count: 0 };
  const cosigning = opened.use(
    new Cosigning({
      network,
      ledger,
      feed: ledger.feed,
      cosigner: { signer, memory, verify: verifySignature, sha256 },
      clock: () => clock.now,
      intervalMs: HOUR,
      pollMs: 1e9,
      onCheckpoint: () => {
        appended.count += 1;
      },
      onSplit: (peer, notes) => ledger.feeds.accuse({ peer, sort: 'rewritten', notes }),
      onProblem: (error) => problems.push(error),
    }),
  );
  cosigning.start();
  const whole = opened.move();
  const dispose = () => whole.disposeAsync();
  return { ledger, network, memory, problems, appended, cosigning, [Symbol.asyncDispose]: dispose };
}

type Node = Awaited<ReturnType<typeof openNode>>;

async function round(node: Node): Promise<void> {
  clock.now += HOUR;
  await node.cosigning.round();
}

async function connect(one: Node, ...others: readonly Node[]): Promise<void> {
  for (const other of others) await one.network.dial(other.network.addresses[0] ?? '');
}

const cosigners = ({ ledger }: { readonly ledger: SqliteLedger }) =>
  ledger.checkpointState().newest?.cosignatures.map(({ organisation }) => organisation);

async function newest({ ledger }: Node) {
  const arrivals = await Array.fromAsync(ledger.arrivals(ledger.size() - 1));
  return arrivals[0]?.standing[0];
}

describe('cosigning', () => {
  it('appends one checkpoint over what is new, with what the others have confirmed', async () => {
    using folder = temporaryFolder();
    const hub = new MemoryHub();
    await using ana = await openNode(hub, folder.path, 'ana');
    await using ben = await openNode(hub, folder.path, 'ben');
    await using cyd = await openNode(hub, folder.path, 'cyd');
    await connect(ana, ben, cyd);
    await ana.ledger.append(appendOf('a'));
    const size = ana.ledger.size();
    await round(ana);
    expect(ana.problems).toEqual([]);
    expect(ana.ledger.size()).toBe(size + 1);
    const organisations = [ben, cyd].map(({ ledger }) => ledger.self.organisation);
    expect(cosigners(ana)?.sort()).toEqual([...organisations].sort());
    const time = Math.floor(clock.now / 1000);
    const confirmed = organisations.map((organisation) => ({ organisation, time }));
    expect((await newest(ana))?.cosigners).toEqual(expect.arrayContaining(confirmed));
    await ana.ledger.append(appendOf('b'));
    await round(ana);
    expect(cosigners(ana)).toHaveLength(2);
    for await (const problem of ana.ledger.verify()) expect(problem).toBeUndefined();
  });

  it('writes nothing in an idle archive, and at most one checkpoint in an interval', async () => {
    using folder = temporaryFolder();
    const hub = new MemoryHub();
    await using ana = await openNode(hub, folder.path, 'ana');
    await using ben = await openNode(hub, folder.path, 'ben');
    await connect(ana, ben);
    for (let i = 0; i < 3; i++) await round(ana);
    expect(ana.ledger.size()).toBe(1);
    await ana.ledger.append(appendOf('a'));
    await round(ana);
    await ana.ledger.append(appendOf('b'));
    await ana.cosigning.round();
    expect(ana.ledger.size()).toBe(4);
    for (let i = 0; i < 3; i++) await round(ana);
    const fixity = createStatement('fixity', { asset: assetCid('a') }, AT, BODIES.fixity);
    await ana.ledger.append({ statements: [fixity], records: [], documents: [] });
    for (let i = 0; i < 3; i++) await round(ana);
    expect(ana.ledger.size()).toBe(6);
    expect(ana.appended.count).toBe(2);
  });

  it('carries a cosignature that comes later, once, with those that were there', async () => {
    using folder = temporaryFolder();
    const hub = new MemoryHub();
    await using ana = await openNode(hub, folder.path, 'ana');
    await using ben = await openNode(hub, folder.path, 'ben');
    await ana.ledger.append(appendOf('a'));
    await round(ana);
    expect(cosigners(ana)).toEqual([]);
    await connect(ana, ben);
    await round(ana);
    expect(cosigners(ana)).toEqual([ben.ledger.self.organisation]);
    await using cyd = await openNode(hub, folder.path, 'cyd');
    await connect(ana, cyd);
    for (let i = 0; i < 3; i++) await round(ana);
    expect(cosigners(ana)).toEqual([ben, cyd].map(({ ledger }) => ledger.self.organisation));
    expect(ana.ledger.size()).toBe(5);
  });

  it('goes on without a peer that refuses, is silent or is gone, and tells why', async () => {
    using folder = temporaryFolder();
    const hub = new MemoryHub();
    await using ana = await openNode(hub, folder.path, 'ana');
    await using ben = await openNode(hub, folder.path, 'ben');
    await using cyd = await openNode(hub, folder.path, 'cyd');
    await connect(ana, ben, cyd);
    ben.network.handle(COSIGN, async (stream) => {
      await stream.receive();
      await stream.send(new TextEncoder().encode('200\n— nobody AAAAAAAA\n'));
    });
    await ana.ledger.append(appendOf('a'));
    await round(ana);
    expect(cosigners(ana)).toEqual([cyd.ledger.self.organisation]);
    expect(ana.problems.map(({ code }) => code)).toEqual(['peer_invalid']);
  });

  it('does not confirm a log that was rewritten, and the log gets by without', async () => {
    using folder = temporaryFolder();
    using other = temporaryFolder();
    const hub = new MemoryHub();
    await using ben = await openNode(hub, folder.path, 'ben');
    {
      await using ana = await openNode(hub, folder.path, 'ana');
      await connect(ana, ben);
      for (const name of ['a', 'b']) await ana.ledger.append(appendOf(name));
      await round(ana);
      expect(cosigners(ana)).toHaveLength(1);
    }
    // The same key and epoch, another history.
    await using rewritten = await openNode(hub, other.path, 'ana');
    await connect(rewritten, ben);
    for (const name of ['x', 'y']) await rewritten.ledger.append(appendOf(name));
    await round(rewritten);
    expect(cosigners(rewritten)).toEqual([]);
    expect(rewritten.problems.map(({ code }) => code)).toEqual(['peer_refused']);
    const origin = rewritten.ledger.feed.head().origin;
    expect(ben.memory.latest(origin)?.size).toBe(3);
    // Both have three entries and other roots: the two notes are evidence, and doctor shows them.
    expect(ben.memory.splits()).toHaveLength(1);
    expect(ben.ledger.feeds.contradictions()).toMatchObject([{ peer: rewritten.ledger.self.did }]);
  });
});
