import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { declareAssets } from '../../src/archive/operations/state-things.ts';
import { examineStores, verifyStores } from '../../src/archive/operations/take-care.ts';
import { takeFiles } from '../../src/archive/operations/take-files.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { hasProgram } from '../support/has-program.ts';
import { openPartnerNodes, type PartnerNodes } from '../support/partner-nodes.ts';
import { type Random, seededRandom } from '../support/random.ts';
import { type SeenEntry, seeLedger } from '../support/seen-ledger.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FILES_ALONE, madeByHand, type Place, type TrialNode } from '../support/trial-node.ts';

/** Three nodes are killed at random while one takes files in, all write, and two replicate everything. */
const KILLS = Number(process.env['RINGFENCE_KILLS'] ?? 100);
const SEED = Number(process.env['RINGFENCE_SEED'] ?? Date.now() % 100_000);

/** Where there is such a program, no node outlives a test that is cut off. */
const ENDS_WITH_TEST = hasProgram('setpriv', '--version', /util-linux/)
  ? ['setpriv', '--pdeathsig', 'KILL']
  : [];

const NAMES = ['a', 'b', 'c'] as const;

const FULFILLED = { status: 'fulfilled' };

const PATIENCE = { timeout: 600_000, interval: 1_000 };

vi.setConfig({ testTimeout: 600_000 + KILLS * 60_000 });

describe(`${KILLS} kills of three nodes (RINGFENCE_SEED=${SEED})`, () => {
  it('lose nothing that was acknowledged, and the nodes end up level', async () => {
    using folder = temporaryFolder();
    const places = [await freePlace(), await freePlace(), await freePlace()] as const;
    await using nodes = await openPartnerNodes(folder.path, places);
    const acknowledged = { files: new Map<string, Uint8Array>(), entries: new Set<string>() };
    const killing = new AbortController();
    const written = Promise.allSettled([
      ingestUntil(killing.signal, nodes.a, join(folder.path, 'in'), acknowledged.files),
      ...[nodes.b, nodes.c].map((node, i) => {
        const own = seededRandom(SEED * 10 + i);
        return declareUntil(killing.signal, node, own, acknowledged.entries);
      }),
    ]);
    // Each is killed once at least.
    let left = KILLS - NAMES.length;
    const killers = NAMES.map((name, i) =>
      killAgain(nodes[name], seededRandom(SEED * 100 + i), () => left-- > 0),
    );
    const killed = await Promise.allSettled(killers);
    killing.abort();
    for (const one of [...killed, ...(await written)]) expect(one).toMatchObject(FULFILLED);
    for (const name of NAMES) await nodes[name].start();
    expect(acknowledged.files.size).toBeGreaterThan(0);
    expect(acknowledged.entries.size).toBeGreaterThan(0);
    await expect.poll(() => statesOf(nodes), PATIENCE).toHaveLength(1);
    for (const name of NAMES) {
      const node = nodes[name];
      checkEntries(await seeLedger(node.home), acknowledged, name);
      await expect.poll(() => lackingFiles(node, acknowledged.files), PATIENCE).toEqual([]);
      const { findings } = await node.ask(examineStores, {});
      // That others were out of reach is no wonder.
      expect(
        findings.filter(({ kind }) => kind !== 'peer'),
        name,
      ).toEqual([]);
      expect(await node.ask(verifyStores, {}), name).toMatchObject({ ok: true, problems: [] });
    }
    for (const name of NAMES) nodes[name].node.signal('SIGTERM');
    for (const name of NAMES)
      expect(await nodes[name].node.ended).toMatchObject({ status: EXIT.done });
  });
});

async function freePlace(): Promise<Place> {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo;
  return { prefix: ENDS_WITH_TEST, p2p: `/ip4/127.0.0.1/tcp/${port}` };
}

/** Kills a node and starts it anew as long as there is another kill to be had; it is dead in the end. */
async function killAgain(node: TrialNode, random: Random, another: () => boolean): Promise<void> {
  let startMs = 1_000;
  for (let running = node.node; ; running = node.spawn()) {
    if (random() < 0.3) await delay(startMs * random());
    else {
      const spawned = performance.now();
      await running.logged(({ event }) => event === 'started');
      startMs = Math.max(1_000, performance.now() - spawned);
      await delay(3 * startMs * random());
    }
    running.signal('SIGKILL');
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    if (!another()) return;
  }
}

/** Has a home take in one folder of files after another, each until it is acknowledged. */
async function ingestUntil(
  signal: AbortSignal,
  node: TrialNode,
  folder: string,
  acknowledged: Map<string, Uint8Array>,
): Promise<void> {
  for (let batch = 0; !signal.aborted; batch += 1) {
    const path = join(folder, `${batch}`);
    mkdirSync(path, { recursive: true });
    const files = Array.from({ length: 8 }, (_, i) => {
      const bytes = new TextEncoder().encode(`${batch} ${i} `.repeat(1 + 1_000 * (i % 4)));
      writeFileSync(join(path, `${i}.txt`), bytes);
      return [cidFromDigest(CODEC.raw, sha256(bytes)), bytes] as const;
    });
    const taking = () => node.ask(takeFiles, { ...FILES_ALONE, paths: [path] });
    while (!signal.aborted) {
      const done = await unlessKilled(taking);
      if (done === undefined) continue;
      expect(done).toEqual({ failed: 0 });
      for (const [cid, bytes] of files) acknowledged.set(cid, bytes);
      break;
    }
  }
}

/** Has a home speak of what it knows, over and over. */
async function declareUntil(
  signal: AbortSignal,
  node: TrialNode,
  random: Random,
  acknowledged: Set<string>,
): Promise<void> {
  while (!signal.aborted) {
    const said = await unlessKilled(async () => {
      const known: string[] = [];
      await node.ask(listAssets, { filter: {}, limit: 500 }, ({ cid }) => known.push(cid));
      return known.length === 0
        ? undefined
        : await node.ask(declareAssets, madeByHand(random.of(known)));
    });
    if (said !== undefined) acknowledged.add(said.entry);
    // Words are few beside files.
    await delay(200);
  }
}

/** Gives undefined, after a while, where the node is dead or dies meanwhile. */
async function unlessKilled<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ArchiveError && error.code === 'aborted')) throw error;
    await delay(50);
    return undefined;
  }
}

/** The different states that the nodes are in. */
async function statesOf(nodes: PartnerNodes): Promise<readonly string[]> {
  const states = new Set<string>();
  for (const name of NAMES) {
    const { stateDigest, entries } = await nodes[name].ask(examineStores, {});
    states.add(`${stateDigest} ${entries}`);
  }
  return [...states];
}

/** Every file that was acknowledged is deposited once, every word is there, and all of it stands. */
function checkEntries(
  entries: readonly SeenEntry[],
  acknowledged: { readonly files: Map<string, Uint8Array>; readonly entries: Set<string> },
  name: string,
): void {
  const hashes = new Set(entries.map(({ hash }) => hash));
  const lost = [...acknowledged.entries].filter((entry) => !hashes.has(entry));
  expect(lost, name).toEqual([]);
  const deposits = entries
    .flatMap(({ statements }) => statements)
    .flatMap(({ kind, about }) =>
      kind === 'deposit' && about && 'asset' in about ? about.asset : [],
    );
  expect(new Set(deposits).size, name).toBe(deposits.length);
  const deposited = new Set<string>(deposits);
  expect(
    [...acknowledged.files.keys()].filter((cid) => !deposited.has(cid)),
    name,
  ).toEqual([]);
  expect(
    entries.filter((entry) => entry.void.size > 0),
    name,
  ).toEqual([]);
}

/** The acknowledged files that a node does not hand out as they were. */
async function lackingFiles(
  { home, node }: TrialNode,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<readonly string[]> {
  const { url } = await node.logged((line) => line['url'] !== undefined);
  const lacking: string[] = [];
  const signed = await signedFetch(home);
  for (const [cid, bytes] of files) {
    const response = await signed(`${url}/ipfs/${cid}`);
    const body = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || Buffer.compare(body, bytes) !== 0) lacking.push(cid);
  }
  return lacking;
}
