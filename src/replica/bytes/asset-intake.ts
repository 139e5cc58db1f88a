import { type Cid, CODEC, cidToBytes, codecOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import type { FilePart, SentTree } from '../../core/unixfs/file-dag.ts';
import { invalid } from './protocol.ts';
import type { Remainder } from './remainder-of.ts';

/** Nodes of a file are less than a thousandth of it; composed files have small parts. */
const MAX_OVERHEAD = 4_194_304;

/** How much has come is noted so often: what a kill can cost of a large asset. */
const NOTE_BYTES = 32 * 1_048_576;

type IntakeStore = Pick<ContentStore, 'putBlock' | 'repair' | 'noteReceived'>;

/** What is asked of one peer: the rest of an asset, or blocks that were damaged here. */
export interface Asked {
  readonly root: Cid;
  readonly size: number;
  readonly tree: SentTree;
  readonly what: Remainder | { readonly damaged: readonly FilePart[] };
}

/**
 * Takes the blocks of one asset as they must come, and stores each after hashing it. Whatever is not
 * the next block of what was asked for is refused, so a peer can place nothing here that is not part
 * of the asset, nor more of it than its size allows.
 */
export class AssetIntake {
  readonly root: Cid;
  readonly #content: IntakeStore;
  readonly #tree: SentTree;
  readonly #isRepair: boolean;
  /** How much of the asset has come, in blocks; undefined where single blocks are asked for. */
  #place: number | undefined;
  /** What is still to come, the next one last. */
  readonly #expected: FilePart[];
  #allowance: number;
  #unnotedBytes = 0;

  constructor(content: IntakeStore, { root, size, tree, what }: Asked) {
    this.root = root;
    this.#tree = tree;
    this.#content = content;
    const isWhole = 'from' in what;
    this.#isRepair = !isWhole || what.isDamaged;
    this.#place = isWhole ? what.from : undefined;
    this.#expected = (isWhole ? what.parts : what.damaged).toReversed();
    this.#allowance = allowanceOf(size);
  }

  get isComplete(): boolean {
    return this.#expected.length === 0;
  }

  /** Returns up to `limit` parts that come next, as far as that is known. */
  upcoming(limit: number): readonly FilePart[] {
    const next = this.#expected.slice(-limit).toReversed();
    const node = next.findIndex(({ cid }) => codecOf(cid) !== CODEC.raw);
    return this.#place === undefined || node < 0 ? next : next.slice(0, node + 1);
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
    this.#allowance -= bytes.length;
    const children = this.#tree.childrenOf(part, bytes);
    if (this.#allowance < 0) throw tooManyBlocks(this.root);
    if (this.#place === undefined) return;
    this.#place += 1;
    this.#expected.push(...children.toReversed());
    this.#unnotedBytes += bytes.length;
    if (this.#unnotedBytes >= NOTE_BYTES) await this.note();
  }

  /** Notes how much has come, so that the next one who is asked need not send it again. */
  async note(): Promise<void> {
    if (this.#place === undefined || this.#unnotedBytes === 0) return;
    this.#unnotedBytes = 0;
    await this.#content.noteReceived(this.root, this.#place);
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
function allowanceOf(size: number): number {
  return size * 1.1 + MAX_OVERHEAD;
}

function tooManyBlocks(root: Cid): ArchiveError {
  return new ArchiveError('input_invalid', `${root} has far more blocks than bytes`);
}
