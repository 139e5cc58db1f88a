import { AbstractTokenizer, EndOfStreamError, type IReadChunkOptions } from 'strtok3/core';
import type { ByteSource } from '../inspector.ts';

/** Lets `file-type` read an asset at the places it wants, so that a large one is not held in memory. */
export class SourceTokenizer extends AbstractTokenizer {
  override readonly fileInfo: { readonly size: number };
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super({ maxBufferSize: 16 * 1024 * 1024 });
    this.#source = source;
    this.fileInfo = { size: source.size };
  }

  override supportsRandomAccess(): boolean {
    return true;
  }

  setPosition(position: number): void {
    this.position = position;
  }

  override async peekBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { length, position, mayBeLess } = this.normalizeOptions(target, options);
    const read = this.#source.readInto(position, target.subarray(0, length));
    if (read < length && mayBeLess !== true) throw new EndOfStreamError();
    return read;
  }

  override async readBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const start = options?.position ?? this.position;
    const read = await this.peekBuffer(target, options);
    this.position = start + read;
    return read;
  }
}
