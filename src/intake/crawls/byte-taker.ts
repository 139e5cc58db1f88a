import { broken } from './broken.ts';

const LINE_BYTES = 64 * 1024;

/** Takes bytes from a stream by line or by count, and holds one chunk of it. */
export class ByteTaker {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Returns the next 1 to `most` bytes; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (!(await this.#fill())) return undefined;
    const taken = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken;
  }

  /**
   * Returns the next line as Latin-1, without its end; undefined at the end of the stream.
   *
   * @throws {ArchiveError} `input_invalid` for one that is longer than 64 KiB, or that breaks off.
   */
  async line(): Promise<string | undefined> {
    let text = '';
    while (await this.#fill()) {
      const end = this.#chunk.indexOf(0x0a);
      const taken = this.#chunk.subarray(0, end === -1 ? undefined : end);
      if (text.length + taken.length > LINE_BYTES) throw broken('a line is longer than 64 KiB');
      text += taken.toString('latin1');
      this.#chunk = this.#chunk.subarray(end === -1 ? taken.length : end + 1);
      if (end !== -1) return text.replace(/\r$/, '');
    }
    if (text !== '') throw broken('it breaks off within a line');
    return undefined;
  }

  /** Yields the rest of the stream. */
  async *rest(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.some(Infinity); chunk; chunk = await this.some(Infinity))
      yield chunk;
  }

  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    return true;
  }
}
