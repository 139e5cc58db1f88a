import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { startNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own, and replication waits for rounds.
vi.setConfig({ testTimeout: 480_000 });

const corpus = resolve(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus');
const LISTEN = ['--listen', 'off', '--p2p', '/ip4/127.0.0.1/tcp/0'];

type Document = Record<string, unknown>;

function one(ran: Ran): Document {
  expect(ran).toMatchObject({ status: EXIT.done });
  return documents(ran).at(-1) as Document;
}

/** Has a home look at its partners more often than it needs to. */
function hurry(home: string): void {
  const path = join(home, 'ringfence.json');
  const settings = JSON.parse(readFileSync(path, 'utf8'));
  const replica = { checkpointMs: 500, challengeMs: 500 };
  writeFileSync(path, JSON.stringify({ ...settings, replica }));
}

/** Changes one byte in the middle of the largest pack of a home. */
function damage(home: string): void {
  const folder = join(home, 'packs');
  const packs = readdirSync(folder)
    .filter((name) => name.endsWith('.car'))
    .map((name) => ({ path: join(folder, name), bytes: readFileSync(join(folder, name)) }))
    .sort((one, other) => other.bytes.length - one.bytes.length);
  const [{ path, bytes }] = packs as [{ path: string; bytes: Buffer }];
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(path, bytes);
}

it.skipIf(!existsSync(join(corpus, 'catalog.csv')))(
  'replicates the corpus to two partners, who find each other and heal when the first home is gone, and to a third (needs RINGFENCE_CORPUS)',
  async () => {
    using folder = temporaryFolder();
    const homes = (name: string) => join(folder.path, name);
    const run = (name: string, ...args: string[]) =>
      runCommand(['--home', homes(name), '--json', ...args]);
    const settled = async (name: string, fetched: number) => {
      const held = async () => {
        const status = await run(name, 'replicate', 'status');
        return documents(status);
      };
      await expect
        .poll(async () => JSON.stringify(await held()), { timeout: 240_000, interval: 1_000 })
        .toContain(`"held":${fetched}`);
    };
    one(await run('a', 'init', '--name', 'N', '--institution', 'N'));
    const catalogue = join(corpus, 'catalog.csv');
    const done = one(await run('a', 'ingest', corpus, '--catalog', catalogue, '--custody'));
    expect(done).toMatchObject({ event: 'done', stored: 271 });
    hurry(homes('a'));

    const digests = async (...names: string[]) => {
      const all = [];
      for (const name of names) all.push(one(await run(name, 'doctor'))['stateDigest']);
      return all;
    };
    let late = '';
    {
      await using a = await startNode(homes('a'), ...LISTEN);
      const invited = async (policy: string) =>
        String(one(await run('a', 'invite', 'partner', '--policy', policy))['invitation']);
      one(await run('b', 'join', await invited('eligible')));
      one(await run('c', 'join', await invited('all')));
      late = await invited('all');
      for (const name of ['b', 'c']) hurry(homes(name));
      await using b = await startNode(homes('b'), ...LISTEN);
      await using c = await startNode(homes('c'), ...LISTEN);
      await settled('c', 271);
      await expect
        .poll(async () => new Set(await digests('a', 'b', 'c')).size, { timeout: 60_000 })
        .toBe(1);
      for (const name of ['a', 'b', 'c'])
        expect(one(await run(name, 'verify'))).toMatchObject({ ok: true });
      a.signal('SIGKILL');
      await a.ended;
      rmSync(homes('a'), { recursive: true });

      // The settings of both name the first home alone.
      const { did } = one(await run('c', 'peers')) as { did: string };
      const connected = async () => JSON.stringify(one(await run('b', 'peers'))['connected']);
      await expect.poll(connected, { timeout: 60_000, interval: 500 }).toContain(did);
      // Whoever still challenged it would have it heal before it is asked to.
      const { did: ben } = one(await run('b', 'peers')) as { did: string };
      const unproven = async () => {
        const { nodes } = one(await run('c', 'replicate', 'status')) as { nodes: Document[] };
        const node = nodes.find(({ did }) => did === ben);
        return Number(node?.['wanted']) - Number(node?.['proven']);
      };
      await expect.poll(unproven, { timeout: 60_000, interval: 500 }).toBe(0);
      damage(homes('b'));
      expect(one(await run('b', 'fixity', '--now'))).toMatchObject({ repaired: 1, damaged: [] });
      expect(one(await run('b', 'verify'))).toMatchObject({ ok: true });

      const { addresses } = one(await run('c', 'peers')) as { addresses: string[] };
      one(await run('d', 'join', late, '--via', addresses[0] ?? ''));
      hurry(homes('d'));
      await using d = await startNode(homes('d'), ...LISTEN);
      await settled('d', 271);
      await expect
        .poll(async () => new Set(await digests('c', 'd')).size, { timeout: 60_000 })
        .toBe(1);
      expect(one(await run('d', 'verify'))).toMatchObject({ ok: true });
      for (const node of [b, c, d]) node.signal('SIGTERM');
      for (const node of [b, c, d]) expect(await node.ended).toMatchObject({ status: EXIT.done });
    }
  },
);
