import type { CatalogueFile, FileOffer } from '../core/ports/intake.ts';
import type { Archive } from './archive.ts';
import { type Collection, itemId } from './deposit-of.ts';

const NAMED = 5;
const LOOKED_UP_AT_ONCE = 500;

/** Notices files that were deposited with a row and that the catalogue no longer names. */
export class MissingRows {
  readonly #collection: Collection;
  readonly #parts: Pick<Archive, 'catalog' | 'ledger' | 'sha256'>;
  readonly #named: string[] = [];
  #count = 0;
  /** Paths not looked up yet. */
  #waiting: string[] = [];

  constructor(collection: Collection, parts: Pick<Archive, 'catalog' | 'ledger' | 'sha256'>) {
    this.#collection = collection;
    this.#parts = parts;
  }

  /** Takes a file that has no row. */
  add(file: FileOffer, catalogue: CatalogueFile): void {
    const path = catalogue.pathFor(file);
    if (path === undefined) return;
    this.#waiting.push(path);
    if (this.#waiting.length === LOOKED_UP_AT_ONCE) this.#lookUp();
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
    const { catalog } = this.#parts;
    const places = new Map(
      this.#waiting.map((path) => [itemId(path, this.#collection, this.#parts), path]),
    );
    this.#waiting = [];
    const known = catalog.items(this.#collection.id, [...places.keys()]);
    for (const [item, path] of places) {
      if (known.get(item)?.licence == null) continue;
      this.#count += 1;
      if (this.#named.length < NAMED) this.#named.push(JSON.stringify(path));
    }
  }
}
