import type { Cid } from '../core/cid.ts';
import type { Did } from '../core/entries/did-key.ts';
import { isOfArchive, type Network } from '../core/ports/network.ts';
import type { DamagedAsset, Replica, ReplicationReport } from '../core/ports/replica.ts';
import type { PassOptions, Replicator } from './bytes/replicator.ts';

interface LocalReplicaParts {
  readonly network: Pick<Network, 'peers' | 'watch'>;
  readonly replicator: Replicator;
  /** Reads an asset again that was found damaged while it was read; undefined if it is whole. */
  readonly check: (asset: Cid, signal: AbortSignal) => Promise<DamagedAsset | undefined>;
  /** UTC in whole seconds. */
  readonly now: () => string;
}

/** Members that were connected and are not, of whom it is remembered when. */
const MAX_CONTACTS = 1_000;

/** Assets found damaged that wait for the next pass; more are found when they are read again. */
const MAX_DAMAGED = 10_000;

const FOREVER = new AbortController().signal;

/** The bytes of this home as its running node keeps them: one pass at a time, whoever asks for it. */
export class LocalReplica implements Replica, Disposable {
  readonly #parts: LocalReplicaParts;
  readonly #contacts = new Map<Did, string>();
  readonly #damaged = new Set<Cid>();
  readonly #unwatch: () => void;
  #pass: Promise<unknown> = Promise.resolve();
  lastPass: { readonly at: string; readonly report: ReplicationReport } | undefined;

  constructor(parts: LocalReplicaParts) {
    this.#parts = parts;
    this.#unwatch = parts.network.watch(({ peer, standing }) => {
      if (isOfArchive(standing)) this.#note(peer);
    });
  }

  replicate({
    signal = FOREVER,
    ...options
  }: PassOptions & {
    readonly signal?: AbortSignal;
  } = {}): Promise<ReplicationReport> {
    const pass = this.#pass.then(() => this.#replicate(signal, options));
    // Its failure is the caller's; the next pass begins anew.
    this.#pass = pass.catch(() => {});
    return pass;
  }

  async repair(damaged: readonly DamagedAsset[]): Promise<void> {
    for (const asset of damaged) this.#parts.replicator.repair(asset);
    await this.replicate();
  }

  /** Has an asset that was found damaged repaired with the next pass. */
  noteDamage(asset: Cid): void {
    if (this.#damaged.size < MAX_DAMAGED) this.#damaged.add(asset);
  }

  contacts() {
    const members = this.#parts.network.peers().filter(({ standing }) => isOfArchive(standing));
    const connected = new Set(members.map(({ peer }) => peer));
    for (const peer of connected) this.#note(peer);
    return [...this.#contacts].map(([did, lastContact]) => {
      return { did, connected: connected.has(did), lastContact };
    });
  }

  [Symbol.dispose](): void {
    this.#unwatch();
  }

  async #replicate(signal: AbortSignal, options: PassOptions): Promise<ReplicationReport> {
    const { replicator, check, now } = this.#parts;
    const noted = [...this.#damaged];
    this.#damaged.clear();
    for (const asset of noted) {
      const damaged = await check(asset, signal);
      if (damaged !== undefined) replicator.repair(damaged);
    }
    const report = await replicator.pass(signal, options);
    this.lastPass = { at: now(), report };
    return report;
  }

  #note(peer: Did): void {
    this.#contacts.delete(peer);
    this.#contacts.set(peer, this.#parts.now());
    const [oldest] = this.#contacts.keys();
    if (this.#contacts.size > MAX_CONTACTS && oldest !== undefined) this.#contacts.delete(oldest);
  }
}
