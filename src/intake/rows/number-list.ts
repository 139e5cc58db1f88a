type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const FIRST_CAPACITY = 1024;

/** A growing list of numbers of one width. */
export class NumberList {
  readonly #allocate: (capacity: number) => Numbers;
  #numbers: Numbers;
  #length = 0;

  constructor(allocate: (capacity: number) => Numbers) {
    this.#allocate = allocate;
    this.#numbers = allocate(FIRST_CAPACITY);
  }

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const wider = this.#allocate(this.#length * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** Returns the number at an index, 0 beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? 0) : 0;
  }

  /** Changes a number that was pushed before. */
  set(index: number, number: number): void {
    this.#numbers[index] = number;
  }
}
