import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Network, PeerAddress } from '../../core/ports/network.ts';
import { keepConnected } from '../keep-connected.ts';

/** Members that are kept connected by what was heard of them; those known first. */
const MAX_KEPT = 32;

interface KeptOptions {
  readonly network: Pick<Network, 'dial' | 'peers' | 'watch'>;
  readonly addressesOf: (key: Did) => readonly PeerAddress[];
  /** 0 to 1, by chance. */
  readonly random: () => number;
}

/** Keeps this node connected with some members, until disposed. */
export class KeptPeers implements AsyncDisposable {
  readonly #options: KeptOptions;
  readonly #kept = new Map<
    Did,
    { readonly ending: AbortController; readonly task: Promise<void> }
  >();

  constructor(options: KeptOptions) {
    this.#options = options;
  }

  /** From now on these and no others; connections that are there are left alone. */
  keep(members: readonly Did[]): void {
    for (const [key, { ending }] of this.#kept) {
      if (members.includes(key)) continue;
      ending.abort();
      this.#kept.delete(key);
    }
    for (const key of members) {
      if (this.#kept.size >= MAX_KEPT) return;
      if (!this.#kept.has(key)) this.#kept.set(key, this.#start(key));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const tasks = [...this.#kept.values()].map(({ task }) => task);
    this.keep([]);
    await Promise.all(tasks);
  }

  #start(key: Did) {
    const { network, random } = this.#options;
    const ending = new AbortController();
    const { signal } = ending;
    const task = keepConnected((options) => this.#call(key, options), { network, random, signal });
    return { ending, task };
  }

  /** Calls a member at one address after another, unless it is connected already. */
  async #call(key: Did, options: { readonly signal: AbortSignal }): Promise<Did> {
    const { network, addressesOf } = this.#options;
    if (network.peers().some(({ peer }) => peer === key)) return key;
    let failure = new ArchiveError('peer_unreachable', `no address of ${key} is known`);
    for (const address of addressesOf(key)) {
      try {
        return await network.dial(address, options);
      } catch (error) {
        if (!(error instanceof ArchiveError) || options.signal.aborted) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}
