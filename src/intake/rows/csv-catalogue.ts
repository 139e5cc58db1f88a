import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { throwIfAborted } from '../../core/abort.ts';
import type {
  CatalogueColumn,
  CatalogueFile,
  CatalogueRow,
  FileOffer,
  RowProblem,
} from '../../core/ports/intake.ts';
import { faultOf } from '../fault-of.ts';
import { type BytePath, enclosing, joinPath, pathBelow, toBytes } from '../files/offered-paths.ts';
import { bytesOfName, textOfName } from '../files/text-of-name.ts';
import { quote } from '../quote.ts';
import type { CatalogueRecords } from './catalogue-records.ts';
import { rowProblem } from './row-fault.ts';
import type { RowEntry, RowIndex } from './row-index.ts';

interface Details {
  readonly recordCount: number;
  readonly warnings: readonly string[];
  readonly columns: readonly CatalogueColumn[];
  readonly root: BytePath;
  /** What was offered, resolved. */
  readonly offered: ReadonlySet<BytePath>;
}

/** A catalogue whose rows stay in the file and are read when they are asked for (see the port). */
export class CsvCatalogue implements CatalogueFile {
  readonly root: string;
  readonly recordCount: number;
  readonly warnings: readonly string[];
  readonly columns: readonly CatalogueColumn[];
  readonly #records: CatalogueRecords;
  readonly #index: RowIndex;
  readonly #root: BytePath;
  readonly #offered: ReadonlySet<BytePath>;

  /** Takes over `records` and closes them. */
  constructor(records: CatalogueRecords, details: Details) {
    this.root = textOfName(toBytes(details.root));
    this.recordCount = details.recordCount;
    this.warnings = details.warnings;
    this.columns = details.columns;
    this.#records = records;
    this.#index = records.index;
    this.#root = details.root;
    this.#offered = details.offered;
  }

  async rowFor(offer: FileOffer): Promise<CatalogueRow | RowProblem | undefined> {
    const path = this.pathFor(offer);
    if (path === undefined) return undefined;
    const entry = this.#index.findExact(path) ?? (await this.#findSimilar(path, offer));
    if (entry === undefined) return undefined;
    this.#index.markFound(entry);
    return this.#records.read(this.#index.entry(entry));
  }

  pathFor(offer: FileOffer): string | undefined {
    const below = pathBelow(Buffer.from(offer.path).toString('latin1'), this.#root);
    return below === undefined ? undefined : textOfName(toBytes(below));
  }

  async *rows(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<CatalogueRow | RowProblem, void, undefined> {
    for (let entry = 0; entry < this.#index.size; entry += 1) {
      throwIfAborted(options.signal);
      yield await this.#records.read(this.#index.entry(entry));
    }
  }

  async *unmatched(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RowProblem, void, undefined> {
    for (let entry = 0; entry < this.#index.size; entry += 1) {
      throwIfAborted(options.signal);
      if (this.#index.wasFound(entry)) continue;
      const found = this.#index.entry(entry);
      const problem =
        found.fate === 'usable' ? await this.#missing(found) : await this.#records.read(found);
      if (problem?.kind === 'problem') yield problem;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#records[Symbol.asyncDispose]();
  }

  async #missing(entry: RowEntry): Promise<RowProblem | undefined> {
    const path = await this.#records.pathOf(entry);
    const place = this.#placeOf(path);
    if (enclosing(place, this.#offered) === undefined) return undefined;
    const look = await lookAt(toBytes(place));
    const reason =
      'fault' in look
        ? `${look.fault}; paths start from ${quote(this.root)}`
        : 'is there but was not taken: hidden, excluded, a link or no file; offer it by name, or take the row out';
    return rowProblem(
      'row_without_file',
      { line: entry.line, column: null, path },
      `${quote(path)} ${reason}`,
    );
  }

  /** Finds the row whose path is the same in Unicode NFC and is not that of another file. */
  async #findSimilar(path: string, offer: FileOffer): Promise<number | undefined> {
    for (const entry of this.#index.findSimilar(path)) {
      const written = await this.#records.pathOf(this.#index.entry(entry));
      const other = await lookAt(toBytes(this.#placeOf(written)));
      if ('fault' in other) return entry;
      const own = await lookAt(Buffer.from(offer.path));
      if ('stats' in own && isSameFile(own.stats, other.stats)) return entry;
    }
    return undefined;
  }

  #placeOf(path: string): BytePath {
    return joinPath(this.#root, bytesOfName(path).toString('latin1'));
  }
}

type Look = { readonly stats: BigIntStats } | { readonly fault: string };

async function lookAt(path: Buffer): Promise<Look> {
  try {
    return { stats: await lstat(path, { bigint: true }) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
