import type { Cid } from '../../core/cid.ts';
import { ArchiveError, asArchiveError } from '../../core/errors.ts';
import type { PeerLink } from '../peer-link.ts';
import { Signal } from '../signal.ts';
import { type AnswerBudget, budgetOf } from './answering.ts';
import { Asking } from './asking.ts';
import type { BitswapLimits } from './bitswap-limits.ts';
import { Outbox } from './outbox.ts';
import { Wantlist } from './wantlist.ts';

/** A message has at most so many bytes: https://specs.ipfs.tech/bitswap-protocol/#message-size. */
const MAX_MESSAGE_BYTES = 4_194_304;

/** What bitswap has with one connected peer. */
export class BitswapPeer {
  readonly link: PeerLink;
  readonly wantlist: Wantlist;
  readonly asking: Asking;
  readonly outbox: Outbox;
  openStreams = 0;
  isAnswering = false;
  readonly #limits: BitswapLimits;
  readonly #asVisitor: AnswerBudget;
  readonly #asMember: AnswerBudget;
  readonly #gone = new AbortController();
  readonly #freed = new Signal();
  #hasAsked = false;
  #incomingBytes = 0;

  constructor(link: PeerLink, limits: BitswapLimits) {
    this.link = link;
    this.#limits = limits;
    this.#asVisitor = budgetOf(limits.visitor);
    this.#asMember = budgetOf(limits.member);
    this.wantlist = new Wantlist(limits.wants);
    this.outbox = new Outbox({
      graceMs: limits.graceMs,
      connection: () => link.connection,
      onSent: (byteLength) => link.onBytes('sent', byteLength),
    });
    this.asking = new Asking(this.outbox, limits.patienceMs);
  }

  /** Fires when the last connection is gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  get budget(): AnswerBudget {
    return this.link.standing === 'member' ? this.#asMember : this.#asVisitor;
  }

  ask(cid: Cid, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    this.#hasAsked = true;
    return this.asking.want(cid, signal);
  }

  /**
   * Waits until there is room for a message, and returns what gives it back. Only who was asked for
   * blocks may send long ones; all that comes in at once is no more than the longest.
   *
   * @throws {ArchiveError} `peer_invalid` if it is too long, `peer_timeout` if others are in its way.
   */
  async admit(byteLength: number): Promise<Disposable> {
    const { requestBytes, graceMs } = this.#limits;
    const limit = this.#hasAsked ? MAX_MESSAGE_BYTES : requestBytes;
    if (byteLength > limit) {
      const text = `a message of ${byteLength} bytes is announced where ${limit} are allowed`;
      throw new ArchiveError('peer_invalid', text);
    }
    while (this.#incomingBytes + byteLength > limit) {
      if (await this.#freed.wait(graceMs)) continue;
      throw new ArchiveError('peer_timeout', 'too many long messages are under way at once');
    }
    this.#incomingBytes += byteLength;
    return {
      [Symbol.dispose]: () => {
        this.#incomingBytes -= byteLength;
        this.#freed.fire();
      },
    };
  }

  /** Returns what went wrong: where the peer is gone, only that. */
  failureOf(error: unknown): ArchiveError {
    return this.signal.aborted ? asArchiveError(this.signal.reason) : asArchiveError(error);
  }

  end(reason: ArchiveError): void {
    this.wantlist.clear();
    this.asking.fail(reason);
    this.#gone.abort(reason);
  }
}
