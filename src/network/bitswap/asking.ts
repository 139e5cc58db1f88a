import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { cidToBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type BitswapMessage, encodeMessage, type Want } from './message.ts';
import { cidNamed, cidOfSent } from './named-block.ts';
import type { Outbox } from './outbox.ts';

/** Wants in one message. */
const MESSAGE_WANTS = 256;

type Wanted = PromiseWithResolvers<Uint8Array | undefined>;

/** What this node wants from one peer. */
export class Asking {
  readonly #outbox: Pick<Outbox, 'send'>;
  readonly #patienceMs: number;
  readonly #wanted = new Map<Cid, Wanted>();
  #unsent: Want[] = [];
  #late: NodeJS.Timeout | undefined;

  /** Gives up everything that is wanted when nothing of it came for `patienceMs`. */
  constructor(outbox: Pick<Outbox, 'send'>, patienceMs: number) {
    this.#outbox = outbox;
    this.#patienceMs = patienceMs;
  }

  get isWaiting(): boolean {
    return this.#wanted.size > 0;
  }

  /** See {@link BlockExchange.want}. */
  async want(cid: Cid, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    throwIfAborted(signal);
    const wanted = this.#wanted.get(cid) ?? this.#add(cid);
    const stop = Promise.withResolvers<never>();
    const onAbort = () => stop.reject(new ArchiveError('aborted', `${cid} is not wanted any more`));
    signal?.addEventListener('abort', onAbort);
    try {
      return await Promise.race([wanted.promise, stop.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Takes what is wanted from a message; everything else in it is passed over. */
  receive({ blocks, presences }: BitswapMessage): void {
    for (const block of blocks) {
      if (!this.isWaiting) return;
      const cid = cidOfSent(block);
      if (cid !== undefined) this.#settle(cid, Uint8Array.from(block.bytes));
    }
    for (const { cid: name, isHere } of presences) {
      const cid = isHere ? undefined : cidNamed(name);
      if (cid !== undefined) this.#settle(cid, undefined);
    }
  }

  /** The peer is gone, or is not to be waited for any more. */
  fail(error: unknown): void {
    clearTimeout(this.#late);
    const failed = [...this.#wanted.values()];
    this.#wanted.clear();
    this.#unsent = [];
    for (const { reject } of failed) reject(error);
  }

  #add(cid: Cid): Wanted {
    const wanted: Wanted = Promise.withResolvers();
    // Whoever asked may have gone away meanwhile.
    wanted.promise.catch(() => {});
    if (!this.isWaiting) this.#waitAnew();
    this.#wanted.set(cid, wanted);
    // What is asked for before the next turn goes out together.
    if (this.#unsent.length === 0) setImmediate(() => this.#send());
    const name = cidToBytes(cid);
    this.#unsent.push({ cid: name, isCancelled: false, isHave: false, sendDontHave: true });
    return wanted;
  }

  #settle(cid: Cid, bytes: Uint8Array | undefined): void {
    const wanted = this.#wanted.get(cid);
    if (wanted === undefined) return;
    this.#wanted.delete(cid);
    wanted.resolve(bytes);
    this.#waitAnew();
  }

  #waitAnew(): void {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => {
      if (!this.isWaiting) return;
      const text = 'the peer does not answer what is wanted by bitswap';
      this.fail(new ArchiveError('peer_timeout', text, { retryable: true }));
    }, this.#patienceMs).unref();
  }

  #send(): void {
    for (let next = this.#unsent.splice(0, MESSAGE_WANTS); next.length > 0; ) {
      this.#outbox.send(encodeMessage({ wants: next })).catch((error) => this.fail(error));
      next = this.#unsent.splice(0, MESSAGE_WANTS);
    }
  }
}
