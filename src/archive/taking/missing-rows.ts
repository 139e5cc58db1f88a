import type { CatalogueFile, FileOffer } from '../../core/ports/intake.ts';
import type { Archive } from '../archive.ts';
import { type Collection, itemId } from './deposit-of.ts';

const NAMED = 5;
const LOOKED_UP_AT_ONCE = 500;

/** Notices files that were deposited with a row and that the catalogue no longer names. */
export class MissingRows {
  readonly #collection: Collection;
  readonly #parts: Pick<Archive, 'catalog' | 'ledger' | 'sha256'>;
  readonly #named: string[] = [];
  #count = 0;
  /** Files not looked up yet, by the path that a row would have. */
  #waiting = new Map<string, FileOffer>();

  constructor(collection: Collection, parts: Pick<Archive, 'catalog' | 'ledger' | 'sha256'>) {
    this.#collection = collection;
    this.#parts = parts;
  }

  /** Takes a file that has no row. */
  add(file: FileOffer, catalogue: CatalogueFile): void {
    const path = catalogue.pathFor(file);
    if (path === undefined) return;
    this.#waiting.set(path, file);
    if (this.#waiting.size === LOOKED_UP_AT_ONCE) this.#lookUp();
  }

  /** Returns what is to be said once the walk is over; undefined if no row is missing. */
  report(): string | undefined {
    this.#lookUp();
    if (this.#count === 0) return undefined;
    const more = this.#count > NAMED ? ` and ${this.#count - NAMED} more` : '';
    return (
      `the catalogue has no row any more for ${this.#named.join(', ')}${more}, deposited earlier ` +
      'with one; what was deposited stays as it is'
    );
  }

  #lookUp(): void {
    // A file that was taken in before it had a row was deposited under its own name.
    const places = [...this.#waiting].map(([path, file]) => ({
      path,
      items: [path, file.relative].map((place) => itemId(place, this.#collection, this.#parts)),
    }));
    this.#waiting = new Map();
    const items = places.flatMap((place) => place.items);
    const known = this.#parts.catalog.items(this.#collection.id, items);
    for (const { path, items } of places) {
      if (!items.some((item) => known.get(item)?.licence != null)) continue;
      this.#count += 1;
      if (this.#named.length < NAMED) this.#named.push(JSON.stringify(path));
    }
  }
}
