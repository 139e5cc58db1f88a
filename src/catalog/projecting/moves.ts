import type { Cid } from '../../core/cid.ts';

/** Assets that are remembered between two tellings; beyond, what moved is not told one by one. */
const MOST = 65_536;

/** An asset that another class decides for since an entry came; null for none. */
export interface Move {
  readonly asset: Cid;
  readonly before: number | null;
  readonly after: number | null;
  /** Arrival number of the entry that moved it last. */
  readonly arrival: number;
}

/** Gathers which assets change their decision class, while somebody wants to know. */
export class Moves {
  readonly #moves = new Map<Cid, Move>();
  #isCut = false;
  /** Nothing is gathered while this is false. */
  isWatched = false;

  note(move: Move): void {
    if (!this.isWatched || move.before === move.after) return;
    const known = this.#moves.get(move.asset);
    if (known === undefined && this.#moves.size >= MOST) {
      this.#isCut = true;
      return;
    }
    this.#moves.set(move.asset, known === undefined ? move : { ...move, before: known.before });
  }

  /** To be called when a transaction was undone: what moved before it is not told one by one either. */
  forget(): void {
    if (this.#moves.size === 0) return;
    this.#moves.clear();
    this.#isCut = true;
  }

  /** Returns what has moved since the last call; `isCut` if some of it was left out. */
  take(): { readonly moves: readonly Move[]; readonly isCut: boolean } {
    const taken = { moves: [...this.#moves.values()], isCut: this.#isCut };
    this.#moves.clear();
    this.#isCut = false;
    return taken;
  }
}
