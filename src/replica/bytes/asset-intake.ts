import { type Cid, cidToBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { childrenOf, type FilePart } from '../../core/unixfs/file-dag.ts';
import { invalid } from './protocol.ts';

/** Nodes of a file are less than a thousandth of it; composed files have small parts. */
const MAX_OVERHEAD = 4_194_304;

/**
 * Takes the blocks of one asset as they must come, and stores each after hashing it. Whatever is not
 * the next block of what was asked for is refused, so a peer can place nothing here that is not part
 * of the asset, nor more of it than its size allows.
 */
export class AssetIntake {
  readonly root: Cid;
  readonly #content: Pick<ContentStore, 'putBlock' | 'repair'>;
  readonly #isRepair: boolean;
  readonly #isAlone: boolean;
  /** What is still to come, the next one last. */
  readonly #expected: FilePart[];
  #allowance: number;
  #received = 0;

  constructor(
    content: Pick<ContentStore, 'putBlock' | 'repair'>,
    asked: {
      readonly root: Cid;
      readonly size: number;
      readonly parts: readonly FilePart[];
      readonly isAlone: boolean;
      readonly isRepair: boolean;
    },
  ) {
    this.root = asked.root;
    this.#content = content;
    this.#isRepair = asked.isRepair;
    this.#isAlone = asked.isAlone;
    this.#expected = [...asked.parts].reverse();
    this.#allowance = allowanceOf(asked.size);
  }

  get isComplete(): boolean {
    return this.#expected.length === 0;
  }

  get receivedBytes(): number {
    return this.#received;
  }

  /**
   * Stores the next block.
   *
   * @throws {ArchiveError} `peer_invalid` if it is another one than is due, or its bytes are not its
   * own; `input_invalid` if it is no file: then nobody can help; `disk_full`, `home_corrupt`.
   */
  async take(cid: Uint8Array, bytes: Uint8Array): Promise<void> {
    const part = this.#expected.pop();
    if (part === undefined || !equalBytes(cid, cidToBytes(part.cid))) {
      throw invalid(`a block was sent that was not asked for with ${this.root}`);
    }
    await this.#store(part.cid, bytes);
    this.#received += bytes.length;
    this.#allowance -= bytes.length;
    const children = childrenOf(part, bytes);
    if (this.#allowance < 0) throw tooManyBlocks(this.root);
    if (this.#isAlone) return;
    for (let i = children.length - 1; i >= 0; i -= 1) {
      const child = children[i];
      if (child !== undefined) this.#expected.push(child);
    }
  }

  async #store(cid: Cid, bytes: Uint8Array): Promise<void> {
    try {
      if (this.#isRepair) await this.#content.repair(cid, bytes);
      else await this.#content.putBlock(cid, bytes);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
      throw invalid(`the bytes sent for the block ${cid} are not its own`, error);
    }
  }
}

/** Returns how many bytes the blocks of a file of this size may have. */
export function allowanceOf(size: number): number {
  return size * 1.1 + MAX_OVERHEAD;
}

export function tooManyBlocks(root: Cid): ArchiveError {
  return new ArchiveError('input_invalid', `${root} has far more blocks than bytes`);
}
