import type { Did } from '../../core/entries/did-key.ts';
import { seesEntries } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { Network, PeerAddress } from '../../core/ports/network.ts';
import { KeptConnections } from '../kept-connections.ts';
import { Rounds } from '../rounds.ts';
import { AddressBook } from './address-book.ts';
import { callMember } from './call-member.ts';
import {
  decodeIntroduction,
  encodeIntroduction,
  INTRODUCTIONS,
  type Introduction,
  MAX_ADDRESSES,
} from './protocol.ts';

/** Peers that could not be told are told after so long at the latest. */
const RETRY_MS = 60_000;

/** Members that are kept connected by what was heard of them; those known first. */
const MAX_KEPT = 32;

interface IntroducingOptions {
  readonly network: Pick<Network, 'dial' | 'open' | 'handle' | 'peers' | 'watch'>;
  readonly ledger: Pick<Ledger, 'self' | 'members' | 'memberOf'>;
  readonly feed: Pick<LedgerFeed, 'watch'>;
  /** Where this node is reached, with its key at the end; what others are told. */
  readonly addresses: () => readonly PeerAddress[];
  /** The key of the node that an address reaches; undefined for what cannot be dialled as it stands. */
  readonly keyIn: (address: PeerAddress) => Did | undefined;
  /** What `save` was given last; empty where it never was. */
  readonly saved: string;
  readonly save: (text: string) => Promise<void>;
  /** 0 to 1, by chance. */
  readonly random: () => number;
  /** What is learned within so long is told, saved and acted upon together. */
  readonly gapMs: number;
  /** Told what went wrong, with which peer if with one; the others are told all the same. */
  readonly onProblem: (error: unknown, peer?: Did) => void;
}

/**
 * Tells connected members where this node is reached and what others have told of themselves, hears the
 * same of them, and keeps this node connected with the members it has heard of, until disposed.
 *
 * A peer is told when it comes, and again only when there is something new or the members have changed:
 * by then it may be told of members that were none here before.
 */
export class Introducing implements AsyncDisposable {
  readonly #options: IntroducingOptions;
  readonly #book: AddressBook;
  readonly #kept: KeptConnections<Did>;
  readonly #rounds: Rounds;
  readonly #running = new AsyncDisposableStack();
  /** What each connected peer was told last, and what the members were then. */
  readonly #told = new Map<Did, number>();
  #news = { text: '', count: 0 };
  #saved: string;

  /** Answers from now on, and tells and calls others only once it is started. */
  constructor(options: IntroducingOptions) {
    const { ledger, network, random, saved, gapMs, onProblem } = options;
    this.#options = options;
    this.#saved = saved;
    const isMember = (key: Did) => key !== ledger.self.did && this.#isPartner(key);
    this.#book = new AddressBook({ isMember, keyIn: options.keyIn }, saved);
    this.#kept = this.#running.use(
      new KeptConnections({
        ...{ network, random },
        dial: (key, dialling) => callMember(key, this.#book.addressesOf(key), network, dialling),
      }),
    );
    const round = (signal: AbortSignal) => this.#round(signal);
    this.#rounds = this.#running.use(
      new Rounds({ round, everyMs: RETRY_MS, gapMs, onProblem: (error) => onProblem(error) }),
    );
    network.handle(INTRODUCTIONS, async (stream) => {
      const message = await stream.receive();
      if (message === undefined) return;
      const said = decodeIntroduction(message);
      await stream.send(encodeIntroduction(this.#introduction()));
      this.#hear(stream.peer, said);
    });
  }

  start(): void {
    const { network, feed } = this.#options;
    this.#rounds.start();
    this.#running.defer(feed.watch(() => this.#rounds.wake()));
    this.#running.defer(
      network.watch(({ peer, connected }) => {
        this.#told.delete(peer);
        if (connected) this.#rounds.wake();
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
    await this.#save().catch(this.#options.onProblem);
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { network, ledger } = this.#options;
    const text = JSON.stringify([this.#introduction(), ledger.members()]);
    if (text !== this.#news.text) this.#news = { text, count: this.#news.count + 1 };
    const { count } = this.#news;
    const tellers = network
      .peers()
      .filter(({ peer }) => this.#told.get(peer) !== count && this.#isPartner(peer))
      .map(({ peer }) => this.#meet(peer, count, signal));
    await Promise.all(tellers);
    this.#book.forgetLeavers();
    this.#kept.keep(this.#book.reachable().slice(0, MAX_KEPT));
    await this.#save();
  }

  async #meet(peer: Did, count: number, signal: AbortSignal): Promise<void> {
    try {
      this.#hear(peer, await this.#exchange(peer, signal));
      this.#told.set(peer, count);
    } catch (error) {
      if (!signal.aborted) this.#options.onProblem(error, peer);
    }
  }

  async #exchange(peer: Did, signal: AbortSignal): Promise<Introduction> {
    using stream = await this.#options.network.open(peer, INTRODUCTIONS, { signal });
    const stop = () => stream.abort(new ArchiveError('aborted', 'the node is stopping'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      await stream.send(encodeIntroduction(this.#introduction()));
      await stream.end();
      const answer = await stream.receive();
      if (answer !== undefined) return decodeIntroduction(answer);
      throw new ArchiveError(
        'peer_invalid',
        'the peer was told where others are, and said nothing',
      );
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #introduction(): Introduction {
    const own = this.#options.addresses().slice(0, MAX_ADDRESSES);
    return { own, others: this.#book.ownWords() };
  }

  #hear(peer: Did, said: Introduction): void {
    this.#book.learn(peer, said);
    this.#rounds.wake();
  }

  /** A witness sees no entries, so it cannot tell who is a member, and is told nothing. */
  #isPartner(key: Did): boolean {
    const member = this.#options.ledger.memberOf(key);
    return member !== undefined && seesEntries(member);
  }

  async #save(): Promise<void> {
    const text = this.#book.toText();
    if (text === this.#saved) return;
    await this.#options.save(text);
    this.#saved = text;
  }
}
