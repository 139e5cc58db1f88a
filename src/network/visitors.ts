import type { Did } from '../core/entries/did-key.ts';
import type { PeerLink } from './peer-link.ts';

/** How many visitors may be in, and for how long. */
export interface VisitorLimits {
  /** Connected at once, beside those that this node has called. */
  readonly visitors: number;
  /** How long a visitor may stay without being given anything. */
  readonly visitorMs: number;
  /** The same when another one waits for the place. */
  readonly crowdedMs: number;
}

export const VISITOR_LIMITS: VisitorLimits = {
  visitors: 48,
  visitorMs: 300_000,
  crowdedMs: 10_000,
};

/** Keeps the places of visitors for those who come for something. */
export class Visitors {
  readonly #links: ReadonlyMap<Did, PeerLink>;
  readonly #limits: VisitorLimits;
  readonly #letGo: (link: PeerLink, reason: string) => void;

  constructor(
    links: ReadonlyMap<Did, PeerLink>,
    limits: VisitorLimits,
    letGo: (link: PeerLink, reason: string) => void,
  ) {
    this.#links = links;
    this.#limits = limits;
    this.#letGo = letGo;
  }

  /** Says whether there is room for one more, letting go the one that is of least use if need be. */
  makeRoom(): boolean {
    const inside = this.#inside();
    if (inside.length < this.#limits.visitors) return true;
    const [idlest] = inside;
    if (idlest === undefined || idlest.ungivenMs < this.#limits.crowdedMs) return false;
    this.#letGo(idlest, 'others are waiting');
    return true;
  }

  /** Lets go those that have stayed too long. To be called now and then. */
  sweep(): void {
    for (const link of this.#inside()) {
      if (link.ungivenMs < this.#limits.visitorMs) return;
      this.#letGo(link, 'it has asked for nothing that it could be given');
    }
  }

  /** Those that have waited longest come first. */
  #inside(): readonly PeerLink[] {
    return [...this.#links.values()]
      .filter(({ isInboundVisitor }) => isInboundVisitor)
      .sort((a, b) => b.ungivenMs - a.ungivenMs);
  }
}
