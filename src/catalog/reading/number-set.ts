/** Numbers that one page has a bit for. */
const PAGE = 4096;

/** A set of row numbers, which lie close together: it takes a bit for each, where a `Set` takes some 40 bytes. */
export class NumberSet {
  readonly #pages = new Map<number, Uint32Array>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param value An integer from 0 on. */
  add(value: number): void {
    const at = Math.floor(value / PAGE);
    const page = this.#pages.get(at) ?? new Uint32Array(PAGE / 32);
    this.#pages.set(at, page);
    if (hasBit(page, value)) return;
    this.#size += 1;
    flip(page, value);
  }

  delete(value: number): void {
    const page = this.#pages.get(Math.floor(value / PAGE));
    if (page === undefined || !hasBit(page, value)) return;
    this.#size -= 1;
    flip(page, value);
  }
}

function hasBit(page: Uint32Array, value: number): boolean {
  const place = value % PAGE;
  return (((page[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

function flip(page: Uint32Array, value: number): void {
  const place = value % PAGE;
  page[place >>> 5] = (page[place >>> 5] ?? 0) ^ (1 << (place & 31));
}
