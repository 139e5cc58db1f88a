import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Shortfall } from '../../core/ports/replica.ts';
import type { FilePart } from '../../core/unixfs/file-dag.ts';

/** An asset to be fetched, or to be repaired. */
export interface FetchTask {
  readonly root: Cid;
  readonly size: number;
  /** Blocks of it that were found damaged here, in the order of its DAG; only these are fetched. */
  readonly damaged?: readonly FilePart[];
}

/** An asset that nobody who was asked has delivered, and why. */
export interface Unmet extends FetchTask {
  readonly reasons: ReadonlyMap<Did, Shortfall>;
}

interface Open {
  readonly task: FetchTask;
  readonly reasons: Map<Did, Shortfall>;
}

/**
 * What all peers together are asked for. A task is with one peer at a time; one that a peer did not
 * deliver goes to another that was not asked yet, and is unmet when there is none.
 *
 * Tasks are taken from the source one by one, when somebody has room for them.
 */
export class FetchQueue {
  readonly #next: () => Promise<FetchTask | undefined>;
  readonly #onUnmet: (unmet: Unmet) => void;
  readonly #peers = new Set<Did>();
  readonly #returned: Open[] = [];
  readonly #open = new Map<Cid, Open>();
  #isDrained = false;
  #changed = Promise.withResolvers<void>();

  constructor(next: () => Promise<FetchTask | undefined>, onUnmet: (unmet: Unmet) => void) {
    this.#next = next;
    this.#onUnmet = onUnmet;
  }

  /** Nothing is left to be asked for, and nothing is under way. */
  get isOver(): boolean {
    return this.#isDrained && this.#open.size === 0 && this.#returned.length === 0;
  }

  /** Resolves when a task was returned or done, or the queue is over. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  join(peer: Did): void {
    this.#peers.add(peer);
  }

  /** A peer is gone: what only it could still have delivered is unmet. */
  leave(peer: Did): void {
    this.#peers.delete(peer);
    for (const open of this.#returned.splice(0)) this.#giveBack(open);
    this.#stir();
  }

  /** Returns the next task for this peer, undefined if there is none for it now. */
  async take(peer: Did): Promise<FetchTask | undefined> {
    const place = this.#returned.findIndex(({ reasons }) => !reasons.has(peer));
    const returned = place < 0 ? undefined : this.#returned.splice(place, 1)[0];
    if (returned !== undefined) {
      this.#open.set(returned.task.root, returned);
      return returned.task;
    }
    for (;;) {
      if (this.#isDrained) return undefined;
      const task = await this.#next();
      if (task === undefined) {
        this.#isDrained = true;
        this.#stir();
        return undefined;
      }
      if (this.#open.has(task.root)) continue;
      this.#open.set(task.root, { task, reasons: new Map() });
      return task;
    }
  }

  done(root: Cid): void {
    this.#open.delete(root);
    this.#stir();
  }

  /** Something of the task was delivered, and this is left of it for whoever is asked next. */
  goOn(task: FetchTask): void {
    const open = this.#open.get(task.root);
    if (open === undefined) return;
    this.#open.delete(task.root);
    this.#giveBack({ task, reasons: open.reasons });
    this.#stir();
  }

  /** The peer will not deliver this one. */
  refuse(root: Cid, peer: Did, because: Shortfall): void {
    const open = this.#open.get(root);
    if (open === undefined) return;
    this.#open.delete(root);
    open.reasons.set(peer, because);
    this.#giveBack(open);
    this.#stir();
  }

  /** The stream ended before this one was delivered; the peer may be asked again. */
  release(root: Cid): void {
    const open = this.#open.get(root);
    if (open === undefined) return;
    this.#open.delete(root);
    this.#giveBack(open);
    this.#stir();
  }

  /** Takes nothing more from the source. */
  drain(): void {
    this.#isDrained = true;
    for (const { task, reasons } of this.#returned.splice(0)) this.#onUnmet({ ...task, reasons });
    this.#stir();
  }

  #giveBack(open: Open): void {
    const isHopeless = [...open.reasons.values()].includes('invalid');
    const canAsk = [...this.#peers].some((peer) => !open.reasons.has(peer));
    if (canAsk && !isHopeless && !(this.#isDrained && this.#peers.size === 0)) {
      this.#returned.push(open);
    } else this.#onUnmet({ ...open.task, reasons: open.reasons });
  }

  #stir(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
