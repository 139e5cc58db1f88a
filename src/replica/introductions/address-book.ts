import { z } from 'zod';
import type { Did } from '../../core/entries/did-key.ts';
import type { PeerAddress } from '../../core/ports/network.ts';
import { did } from '../../core/statements/fields.ts';
import { type Introduction, MAX_ADDRESSES, MAX_KNOWN } from './protocol.ts';

interface BookOptions {
  /** Whose addresses are remembered: other members. */
  readonly isMember: (key: Did) => boolean;
  /** The key of the node that an address reaches; undefined for what cannot be dialled as it stands. */
  readonly keyIn: (address: PeerAddress) => Did | undefined;
}

interface KnownPeer {
  /** Told by the member itself. */
  readonly own: readonly PeerAddress[];
  /** Told by others since. */
  readonly hearsay: readonly PeerAddress[];
}

const savedBook = z.array(
  z.strictObject({
    member: did,
    own: z.array(z.string().max(256)),
    hearsay: z.array(z.string().max(256)),
  }),
);

/**
 * Where other members are reached: first where they said themselves, then, where there is room, what
 * others have said of them since, the newest first.
 */
export class AddressBook {
  readonly #options: BookOptions;
  readonly #peers = new Map<Did, KnownPeer>();

  /** Begins with what {@link AddressBook.toText} gave; with nothing if that cannot be read. */
  constructor(options: BookOptions, saved: string) {
    this.#options = options;
    for (const { member, ...known } of readSaved(saved)) this.#set(member, known);
  }

  /** Takes what a member has said. */
  learn(teller: Did, { own, others }: Introduction): void {
    this.#set(teller, { own, hearsay: [] });
    for (const address of others) {
      const key = this.#options.keyIn(address);
      if (key === undefined || key === teller) continue;
      const { own: first, hearsay } = this.#peers.get(key) ?? { own: [], hearsay: [] };
      if (!first.includes(address)) this.#set(key, { own: first, hearsay: [address, ...hearsay] });
    }
  }

  /** Drops whoever is no member any more. */
  forgetLeavers(): void {
    for (const key of this.#peers.keys()) {
      if (!this.#options.isMember(key)) this.#peers.delete(key);
    }
  }

  /** Members that can be called. */
  reachable(): readonly Did[] {
    return [...this.#peers.keys()].filter((key) => this.addressesOf(key).length > 0);
  }

  /** In the order in which they are to be tried. */
  addressesOf(key: Did): readonly PeerAddress[] {
    const { own = [], hearsay = [] } = this.#peers.get(key) ?? {};
    return [...own, ...hearsay];
  }

  /** What members have said of themselves: only that is passed on. */
  ownWords(): PeerAddress[] {
    return [...this.#peers.values()].flatMap(({ own }) => own);
  }

  toText(): string {
    const peers = [...this.#peers].map(([member, known]) => ({ member, ...known }));
    return `${JSON.stringify(peers, null, 2)}\n`;
  }

  #set(key: Did, known: KnownPeer): void {
    const { isMember, keyIn } = this.#options;
    if (!isMember(key) || (!this.#peers.has(key) && this.#peers.size >= MAX_KNOWN)) return;
    const isOf = (address: PeerAddress) => keyIn(address) === key;
    const own = known.own.filter(isOf).slice(0, MAX_ADDRESSES);
    const hearsay = [...new Set(known.hearsay)].filter(isOf).slice(0, MAX_ADDRESSES - own.length);
    this.#peers.set(key, { own, hearsay });
  }
}

function readSaved(text: string): z.output<typeof savedBook> {
  try {
    return savedBook.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
