import type { Did } from '../core/entries/did-key.ts';
import type { Network } from '../core/ports/network.ts';
import { keepConnected } from './keep-connected.ts';

interface KeptOptions<Name> {
  readonly network: Pick<Network, 'peers' | 'watch'>;
  /** Connects this node with the one of that name, if it is not connected with it already. */
  readonly dial: (name: Name, options: { readonly signal: AbortSignal }) => Promise<Did>;
  /** 0 to 1, by chance. */
  readonly random: () => number;
}

/** Keeps this node connected with some others, named by key or address, until disposed. */
export class KeptConnections<Name extends string> implements AsyncDisposable {
  readonly #options: KeptOptions<Name>;
  readonly #kept = new Map<
    Name,
    { readonly ending: AbortController; readonly task: Promise<void> }
  >();

  constructor(options: KeptOptions<Name>) {
    this.#options = options;
  }

  /** From now on these and no others; connections that are there are left alone. */
  keep(names: readonly Name[]): void {
    for (const [name, { ending }] of this.#kept) {
      if (names.includes(name)) continue;
      ending.abort();
      this.#kept.delete(name);
    }
    for (const name of names) {
      if (!this.#kept.has(name)) this.#kept.set(name, this.#start(name));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const tasks = [...this.#kept.values()].map(({ task }) => task);
    this.keep([]);
    await Promise.all(tasks);
  }

  #start(name: Name) {
    const { network, random, dial } = this.#options;
    const ending = new AbortController();
    const { signal } = ending;
    const task = keepConnected((options) => dial(name, options), { network, random, signal });
    return { ending, task };
  }
}
