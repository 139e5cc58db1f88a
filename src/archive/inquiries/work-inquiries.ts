import { setTimeout } from 'node:timers/promises';
import { ArchiveError } from '../../core/errors.ts';
import type { Inspectors } from '../../core/ports/inspector.ts';
import { type Caller, mayRead } from '../../core/sharing/caller.ts';
import type { Archive } from '../archive.ts';
import { type FoundAlike, type FoundAsset, findAlike } from '../matching/find-alike.ts';
import { shownAsset } from '../shown-asset.ts';

/** A file somebody asks about. */
export interface WorkInquiry {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** As whoever asks calls it; empty if they do not say. */
  readonly filename: string;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** What is told of each asset that was found. */
export interface ToldAsset extends FoundAsset {
  readonly title: string;
  readonly mediaType: string;
  readonly size: number;
}

export type InquiryAnswer = Omit<FoundAlike, 'found'> & { readonly found: readonly ToldAsset[] };

interface InquiryTerms {
  /** Bytes of a file, at the most. */
  readonly maxBytes: number;
  /** Threads of their own, so that nothing strangers send holds up what is taken in. */
  readonly inspectors: Pick<Inspectors, 'inspect'>;
}

/** Files that may be on their way or looked at together. */
const MOST_AT_ONCE = 4;
/** Answers come at whole multiples of this, which says little about what was compared and left out. */
const STEP_MS = 250;

/**
 * Answers whether works are here that somebody has a file of: the same bytes, and what is like them, as
 * far as whoever asks may read it. The file is gone when the answer is there.
 */
export class WorkInquiries {
  readonly #parts: Pick<Archive, 'catalog' | 'ledger' | 'passingFiles'>;
  readonly #terms: InquiryTerms;
  #asked = 0;

  constructor(parts: Pick<Archive, 'catalog' | 'ledger' | 'passingFiles'>, terms: InquiryTerms) {
    this.#parts = parts;
    this.#terms = terms;
  }

  get maxBytes(): number {
    return this.#terms.maxBytes;
  }

  /** @throws {ArchiveError} `busy`, `too_large`, `disk_full`, `aborted`, and what reading the bytes throws. */
  async answer(inquiry: WorkInquiry): Promise<InquiryAnswer> {
    if (this.#asked >= MOST_AT_ONCE) {
      const text = `${MOST_AT_ONCE} others are asking; ask again in a moment`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    this.#asked += 1;
    try {
      return await this.#answer(inquiry);
    } finally {
      this.#asked -= 1;
    }
  }

  async #answer({ bytes, filename, caller, signal }: WorkInquiry): Promise<InquiryAnswer> {
    const { catalog, passingFiles } = this.#parts;
    const { maxBytes, inspectors } = this.#terms;
    await using file = await passingFiles.take(bytes, maxBytes);
    const began = performance.now();
    const { found, ...asked } = await findAlike(
      { ...file, filename },
      (cid) => mayRead(caller, cid, this.#parts),
      { catalog, inspectors },
      signal,
    );
    const told = found.flatMap((one) => this.#told(one, caller));
    await setTimeout(STEP_MS - ((performance.now() - began) % STEP_MS));
    return { ...asked, found: told };
  }

  #told(found: FoundAsset, caller: Caller): readonly ToldAsset[] {
    const known = this.#parts.catalog.asset(found.cid);
    const shown = known && shownAsset(caller, known, this.#parts);
    if (shown === undefined) return [];
    const { title, mediaType, size } = shown.view;
    return [{ ...found, title, mediaType, size }];
  }
}
