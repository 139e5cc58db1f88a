import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { invite } from '../../src/archive/governing/invite.ts';
import { grantMember } from '../../src/archive/governing/members.ts';
import type { Examination } from '../../src/archive/inspecting/examine.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import { homePaths } from '../../src/compose/home.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Environs } from '../../src/compose/system.ts';
import { MAX_PARENTS, readEntry } from '../../src/core/entries/entry.ts';
import { entryHashFromBytes, entryHashToBytes } from '../../src/core/entries/entry-hash.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import type { Network } from '../../src/core/ports/network.ts';
import type { Role } from '../../src/core/statements/kinds.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { signerOf as signerOfSeed } from '../../src/ledger/keys/signer-of.ts';
import { FEED } from '../../src/replica/feed/protocol.ts';
import { appendOf } from './deposits.ts';
import { MadeLog, serveMade, type Trick } from './hostile-feed.ts';
import { signerOf } from './keys.ts';
import type { MadeEntry } from './ledger-archive.ts';
import { openLoopbackNetwork } from './loopback-network.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Stock OrbitDB made an honest entry wait for 30 seconds behind one packet. */
const MAX_WAIT_MS = 20_000;

const ANY_PORT = '/ip4/127.0.0.1/tcp/0';

/** A node as `serve` runs it, and what it has logged. */
interface LoggedNode {
  readonly node: RunningNode;
  readonly home: string;
  readonly log: readonly LogLine[];
}

/**
 * An archive whose founder's node is attacked, while the node of an honest partner goes on writing. Both
 * are what `serve` runs, over TCP on loopback.
 */
export class Siege implements AsyncDisposable {
  readonly #opened = new AsyncDisposableStack();
  readonly #folder = this.#opened.use(temporaryFolder()).path;
  #victim: LoggedNode | undefined;
  #honest: LoggedNode | undefined;
  #written = 0;
  /** Milliseconds that each honest entry took to reach the victim. */
  readonly waits: number[] = [];

  /** Begins with an archive of its own; with a network key, who has another one gets nowhere. */
  static async begin({ networkKey = '' } = {}): Promise<Siege> {
    const siege = new Siege();
    const home = siege.homeOf('victim');
    await foundArchive(home, { name: 'Prints' });
    if (networkKey !== '') await setNetworkKey(home, networkKey);
    siege.#victim = await siege.open(home);
    siege.#honest = await siege.join('honest');
    const { ledger } = siege.honest.archive;
    const { did } = ledger.self;
    await grantMember({ key: did, role: 'archivist', replica: 'all' }, siege.victim.archive);
    await within(() => expect(ledger.memberOf(did)?.roles).toContain('archivist'));
    await siege.#writeOne();
    return siege;
  }

  get victim(): RunningNode {
    return present(this.#victim).node;
  }

  get honest(): RunningNode {
    return present(this.#honest).node;
  }

  get log(): readonly LogLine[] {
    return present(this.#victim).log;
  }

  get address(): string {
    return this.victim.peers.network.addresses[0] ?? '';
  }

  homeOf(name: string): string {
    return join(this.#folder, name);
  }

  /** Runs the node of a home until the siege ends, or it is disposed before. */
  async open(home: string, environs?: Environs, p2p = ANY_PORT): Promise<LoggedNode> {
    const log: LogLine[] = [];
    const node = await openNode(home, {
      log: (line) => void log.push(line),
      listen: 'off',
      p2p: [p2p],
      ...(environs === undefined ? {} : { environs }),
    });
    return { node: this.#opened.use(node), home, log };
  }

  /** Has a partner join with an invitation, and runs its node. */
  async join(name: string, environs?: Environs): Promise<LoggedNode> {
    const home = this.homeOf(name);
    await joinArchive(home, await this.invitation(), {}, environs);
    return this.open(home, environs);
  }

  /** Stops the honest partner for as long as something is done, and runs it again. */
  async withoutHonest(work: () => Promise<void>): Promise<void> {
    const { node, home } = present(this.#honest);
    await node[Symbol.asyncDispose]();
    await work();
    this.#honest = await this.open(home);
  }

  /** Stops the victim and runs it again, at the same address. */
  async restart(): Promise<void> {
    const { node, home } = present(this.#victim);
    const [p2p] = this.address.split('/p2p/');
    await node[Symbol.asyncDispose]();
    this.#victim = await this.open(home, undefined, p2p);
  }

  async invitation({ lifetimeMs = 3_600_000 } = {}) {
    const { archive, peers } = this.victim;
    const { networkKey } = peers.neighbours;
    const inviters = [{ did: archive.ledger.self.did, addresses: peers.network.addresses }];
    const asked = { role: 'partner', organisation: undefined, replica: 'all' } as const;
    const request = { ...asked, lifetimeMs, inviters, networkKey };
    return (await invite(request, { ...archive, signerOf: signerOfSeed })).invitation;
  }

  /** Makes the test key of that name a member: the attacker has stolen it. */
  async grant(name: string, role: Exclude<Role, 'maker'> = 'partner'): Promise<void> {
    await grantMember({ key: signerOf(name).did, role, replica: 'all' }, this.victim.archive);
  }

  /** Returns all that the victim's log holds, for logs that begin as an honest one does. */
  entries(): readonly MadeEntry[] {
    const { feed } = this.victim.archive;
    return feed.leaves(0, 1_000_000).map((leaf) => {
      const delivery = feed.delivery(leaf, () => true);
      if (delivery === undefined) throw new Error('a leaf is an entry that is here');
      const { clock } = readEntry(delivery.bytes);
      return { ...delivery, hash: entryHashFromBytes(leaf), clock: clock.time };
    });
  }

  /** Returns the entries that have in their past what the victim's log holds, as many as may be parents. */
  heads(): readonly MadeEntry[] {
    const held = this.entries();
    const followed = new Set(held.flatMap(({ bytes }) => readEntry(bytes).next));
    return held.filter(({ hash }) => !followed.has(hash)).slice(-MAX_PARENTS);
  }

  /** Returns a log that goes on from what the victim holds, signed by the test key of that name. */
  logOf(name: string, entries: readonly MadeEntry[], held = this.entries()): MadeLog {
    const { charterCid } = this.victim.archive.ledger;
    const archive = { charterBlock: { cid: charterCid } };
    return new MadeLog(archive, signerOf(name), [...held, ...entries]);
  }

  /** Connects to the victim with the test key of that name, and shows it a log when it asks for one. */
  async show(name: string, log: MadeLog, trick?: Trick): Promise<Network & AsyncDisposable> {
    const network = await openLoopbackNetwork(name, { listen: [] });
    network.handle({ ...FEED, idleMs: 60_000 }, serveMade(log, trick));
    await network.dial(this.address);
    return network;
  }

  has(entry: Pick<MadeEntry, 'hash'>): boolean {
    return this.victim.archive.feed.has(entryHashToBytes(entry.hash));
  }

  /** What `doctor` prints, asked of the running node. */
  async doctor(home = present(this.#victim).home): Promise<Examination> {
    const answer = await askNode(home, 'doctor', {}, silent());
    // It is what the operation of that name gives.
    return present(answer).result as Examination;
  }

  /** Waits until the log and `doctor` say why somebody was refused. */
  async reason(from: string, why: RegExp): Promise<void> {
    const isOf = ({ level, text, details }: LogLine) =>
      level !== 'note' && details?.['from'] === from && why.test(text);
    await within(() => expect(this.log.some(isOf), `${why} of ${from} in the log`).toBe(true));
    const told = (await this.doctor()).findings.filter(({ subject }) => subject === from);
    expect(told.map(({ text }) => text)).toContainEqual(expect.stringMatching(why));
  }

  /** Has the honest partner write as long as the attack lasts, and once after it: all of it arrives in time. */
  async during<T>(attack: () => Promise<T>): Promise<T> {
    let isOver = false;
    const attacked = attack().finally(() => {
      isOver = true;
    });
    // It is awaited below, when the honest entry under way has come.
    attacked.catch(() => {});
    while (!isOver) await this.#writeOne();
    await this.#writeOne();
    return attacked;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }

  async #writeOne(): Promise<void> {
    this.#written += 1;
    const started = performance.now();
    const { entry } = await this.honest.archive.ledger.append(appendOf(`honest ${this.#written}`));
    await within(() => expect(this.has({ hash: entry }), 'an honest entry has come').toBe(true));
    this.waits.push(performance.now() - started);
  }
}

/** Waits until it holds, for so long as an attack may take to be over. */
export function within<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: MAX_WAIT_MS, interval: 10 });
}

async function setNetworkKey(home: string, key: string): Promise<void> {
  const { settings } = homePaths(home, ['packs']);
  const value = JSON.parse(await readFile(settings, 'utf8'));
  await writeFile(settings, JSON.stringify({ ...value, network: { key } }));
}

function silent() {
  const { signal } = new AbortController();
  return { signal, progress() {}, notice() {}, async item() {} };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the siege has not begun');
  return value;
}
