/** Senders that are counted at once; of more, the one counted longest is forgotten. */
const MOST_SENDERS = 65_536;

/** How often a sender has come, and until when that counts. */
interface Count {
  used: number;
  readonly endsAt: number;
}

/** How often each sender has come in a while that begins when it first comes, in constant memory. */
export class SenderCounts {
  readonly #windowMs: number;
  readonly #counts = new Map<string, Count>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Counts a sender once more, and says how often it has come, and for how many seconds more that counts. */
  take(sender: string): { readonly used: number; readonly seconds: number } {
    const count = this.#countOf(sender);
    count.used += 1;
    return { used: count.used, seconds: Math.ceil((count.endsAt - performance.now()) / 1000) };
  }

  #countOf(sender: string): Count {
    const now = performance.now();
    const known = this.#counts.get(sender);
    if (known !== undefined && known.endsAt > now) return known;
    this.#counts.delete(sender);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= MOST_SENDERS && oldest !== undefined) this.#counts.delete(oldest);
    const begun = { used: 0, endsAt: now + this.#windowMs };
    this.#counts.set(sender, begun);
    return begun;
  }
}
