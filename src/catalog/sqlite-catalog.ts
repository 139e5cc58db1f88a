import type { Cid } from '../core/cid.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { LikenessLimits } from '../core/likeness/likeness.ts';
import type { Abstraction } from '../core/policy/abstraction/abstract-facts.ts';
import type { Policy } from '../core/policy/documents.ts';
import type { Purpose } from '../core/policy/purposes.ts';
import type { Question } from '../core/policy/question.ts';
import type {
  AssetFacets,
  AssetFilter,
  AssetPage,
  Gathering,
  ListedKind,
} from '../core/ports/asset-lists.ts';
import type { AlikeAsset, AssetView, IngredientLink } from '../core/ports/asset-views.ts';
import type { Catalog, KnownItem } from '../core/ports/catalog.ts';
import type {
  FailedRule,
  LapsedMember,
  ReleaseCandidate,
  ReleaseView,
  SelectionFilter,
} from '../core/ports/release-candidates.ts';
import type {
  AssetAccess,
  CopyOutline,
  WantedBy,
  WantedFeed,
} from '../core/ports/replica-wants.ts';
import type { AttestationView, NextDraws } from '../core/ports/set-attestations.ts';
import type {
  CatalogNews,
  ClassComparison,
  VerdictCounts,
  WatchedQuestion,
} from '../core/ports/verdict-news.ts';
import type { AssetFacts, StandingStatement } from '../core/provenance/facts.ts';
import type { CollectionAccess } from '../core/sharing/readership.ts';
import type { StatementId } from '../core/statements/fields.ts';
import { takeTurns } from '../core/take-turns.ts';
import { AskingThread } from './asking/asking-thread.ts';
import {
  answerLong,
  type LongAnswer,
  type LongKind,
  type LongQuestion,
} from './asking/long-questions.ts';
import type { CatalogReader } from './catalog-reader.ts';
import { removeCatalogFile, replaceCatalogFile } from './file/catalog-file.ts';
import { ProjectedFile } from './file/projected-file.ts';
import { rebuildCatalog } from './file/rebuild-catalog.ts';
import type { CatalogOptions } from './open-catalog.ts';
import { Pacer } from './pacer.ts';
import type { Move } from './projecting/moves.ts';
import { RestatedError } from './projecting/project-arrivals.ts';
import type { SourceLedger } from './projecting/source-ledger.ts';
import type { Asked } from './verdicts.ts';

interface Stoppable {
  readonly signal?: AbortSignal;
}

interface Watcher {
  readonly asked: WatchedQuestion;
  readonly onNews: (news: CatalogNews) => void;
}

/** The catalog in one SQLite file. A file that turns out to be of no use is replaced. */
export class SqliteCatalog implements Catalog, AsyncDisposable {
  readonly #path: string;
  readonly #ledger: SourceLedger;
  readonly #likeness: LikenessLimits;
  readonly #onNotice: (text: string) => void;
  readonly #closing = new AbortController();
  readonly #thread: AskingThread;
  readonly #threadFrom: number;
  #file: ProjectedFile;
  #isDamaged = false;
  /** How often another file was opened. */
  #reopened = 0;
  readonly #watchers = new Set<Watcher>();
  /** The file is another one than watchers have been told of. */
  #isOther = false;
  #toldNext = 0;
  /** The end of the last projection that was asked for; they are done one after another. */
  #projected: Promise<unknown> = Promise.resolve();

  constructor({ path, ledger, likeness, onNotice, threadFrom }: Required<CatalogOptions>) {
    this.#path = path;
    this.#thread = new AskingThread(path, onNotice);
    this.#threadFrom = threadFrom;
    this.#likeness = likeness;
    this.#ledger = ledger;
    this.#onNotice = onNotice;
    this.#file = new ProjectedFile(path, ledger, onNotice);
  }

  catchUp({ signal }: { readonly signal?: AbortSignal } = {}): Promise<number> {
    return this.#inTurn(() => this.#catchUp(new Pacer([signal, this.#closing.signal])));
  }

  rebuild({ signal }: { readonly signal?: AbortSignal } = {}): Promise<number> {
    const signals = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    return this.#inTurn(() =>
      rebuildCatalog({
        path: this.#path,
        ledger: this.#ledger,
        signal: AbortSignal.any(signals),
        replace: (path, by) => this.#reopen(() => replaceCatalogFile(path, by)),
      }),
    );
  }

  version(): string {
    return `${this.#reopened}.${this.#read((reader) => reader.version)}`;
  }

  watch(asked: WatchedQuestion, onNews: (news: CatalogNews) => void): Disposable {
    const watcher = { asked, onNews };
    this.#watchers.add(watcher);
    this.#file.moves.isWatched = true;
    return {
      [Symbol.dispose]: () => {
        this.#watchers.delete(watcher);
        this.#file.moves.isWatched = this.#watchers.size > 0;
      },
    };
  }

  has(cid: Cid): boolean {
    return this.#read(({ assets }) => assets.has(cid));
  }

  known(cids: readonly Cid[]): ReadonlySet<Cid> {
    return this.#read(({ assets }) => assets.known(cids));
  }

  asset(cid: Cid): AssetView | undefined {
    return this.#read(({ assets }) => assets.asset(cid));
  }

  facts(cid: Cid): AssetFacts | undefined {
    return this.#read(({ assets }) => assets.facts(cid));
  }

  abstraction(cid: Cid): Abstraction | undefined {
    return this.#read((reader) => reader.abstraction(cid));
  }

  eligibleFor(
    cid: Cid,
    asked: Omit<Asked, 'purpose'>,
    purposes: readonly Purpose[],
  ): ReadonlySet<Purpose> | undefined {
    return this.#read((reader) => reader.eligibleFor(cid, asked, purposes));
  }

  items(collection: string, items: readonly string[]): ReadonlyMap<string, KnownItem> {
    return this.#read(({ assets }) => assets.items(collection, items));
  }

  list(
    filter: AssetFilter,
    page: { readonly limit: number; readonly cursor?: string } & Gathering,
  ): AssetPage {
    return this.#read(({ listing }) => listing.list(filter, page));
  }

  async count(
    filter: AssetFilter,
    { signal, ...gathering }: Stoppable & Gathering = {},
  ): Promise<number> {
    const known = this.#read(({ listing }) => listing.countAtOnce(filter, gathering));
    return known ?? this.#ask({ kind: 'count', asked: { filter, ...gathering } }, signal);
  }

  facets(filter: AssetFilter, asked: Asked, { signal }: Stoppable = {}): Promise<AssetFacets> {
    return this.#ask({ kind: 'facets', asked: { filter, asked } }, signal);
  }

  async cursorAfter(
    filter: AssetFilter,
    skip: number,
    { signal, ...gathering }: Stoppable & Gathering = {},
  ): Promise<string | undefined> {
    if (skip === 0) return undefined;
    return this.#ask({ kind: 'cursorAfter', asked: { filter, skip, ...gathering } }, signal);
  }

  async alike(
    cid: Cid,
    fresh: Parameters<Catalog['alike']>[1] = [],
  ): Promise<readonly AlikeAsset[]> {
    try {
      const pacer = new Pacer([this.#closing.signal]);
      return await this.#file.reader.likenesses.alike(cid, fresh, this.#likeness, pacer);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  ingredientLinks(
    cid: Cid,
    fresh: Parameters<Catalog['ingredientLinks']>[1] = [],
  ): readonly IngredientLink[] {
    return this.#read(({ manifests }) => manifests.links(cid, fresh));
  }

  taintOf(cid: Cid): ReturnType<Catalog['taintOf']> {
    return this.#read((reader) => reader.taintOf(cid));
  }

  madeFrom(cid: Cid, limit: number): readonly Cid[] {
    return this.#read((reader) => reader.madeFrom(cid, limit));
  }

  collections(): readonly {
    readonly id: string;
    readonly name: string;
    readonly assets: number;
  }[] {
    return this.#read((reader) => reader.collections());
  }

  hasSigned(key: Did, asset?: Cid): boolean {
    return this.#read((reader) =>
      asset === undefined ? reader.signers.hasSigned(key) : reader.hasSignedAbout(key, asset),
    );
  }

  access(cid: Cid): AssetAccess | undefined {
    return this.#read(({ replicas }) => replicas.access(cid));
  }

  isPublicRelease(release: Cid): boolean {
    return this.#read(({ replicas }) => replicas.isPublicRelease(release) ?? false);
  }

  isReleaseUnderReview(release: Cid): boolean {
    return this.#read(({ replicas }) => replicas.isReleaseUnderReview(release));
  }

  isOwnRelease(release: Cid): boolean {
    return this.#read(({ replicas }) => replicas.isOwnRelease(release));
  }

  isOpenRelease(release: Cid): boolean {
    return this.#read(({ replicas }) => replicas.isOpenRelease(release) ?? false);
  }

  collectionAccess(collection: string, organisation: string): CollectionAccess {
    return this.#read(({ replicas }) => replicas.collectionAccess(collection, organisation));
  }

  collectionAccesses(): ReadonlyMap<string, CollectionAccess> {
    return this.#read(({ replicas }) => replicas.collectionAccesses());
  }

  wanted(want: WantedBy): WantedFeed {
    let reader: CatalogReader | undefined;
    let changes: Iterator<number | undefined> | undefined;
    return {
      next: (limit) =>
        this.#read((current) => {
          // A file that was replaced is told from the beginning.
          if (reader !== current) changes = current.replicas.changes(want);
          reader = current;
          const ids = new Set<number>();
          for (let looked = 0; looked < limit; looked += 1) {
            const id = changes?.next().value;
            if (id === undefined) {
              return { assets: current.replicas.wanted([...ids], want), isEnd: true };
            }
            ids.add(id);
          }
          return { assets: current.replicas.wanted([...ids], want), isEnd: false };
        }),
    };
  }

  copies(node: Did, assets: readonly Cid[]): ReadonlyMap<Cid, CopyOutline> {
    return this.#read((reader) => reader.copies.copies(node, assets));
  }

  counts({ is: _is, ...asked }: NonNullable<AssetFilter['verdict']>): VerdictCounts {
    return this.#read(({ verdicts }) => verdicts.count(asked));
  }

  *compare(asked: Question, other: Policy): Generator<ClassComparison, void> {
    const classes = this.#read(({ verdicts }) => [...verdicts.assetsByClass()]);
    for (const [id, assets] of classes) {
      yield this.#read(({ verdicts }) => ({
        assets,
        before: verdicts.decideOne(id, asked),
        after: verdicts.decideOne(id, { ...asked, policy: other }),
      }));
    }
  }

  said(kind: ListedKind): Generator<StandingStatement, void> {
    return this.#listed((reader, after) => reader.said(kind, after));
  }

  receiptsOf(release: Cid): Generator<StandingStatement, void> {
    return this.#listed((reader, after) => reader.receiptsOf(release, after));
  }

  *#listed(
    read: (reader: CatalogReader, after: number) => ReturnType<CatalogReader['said']>,
  ): Generator<StandingStatement, void> {
    const pageAfter = (id: number) => this.#read((reader) => read(reader, id));
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: ReturnType<typeof pageAfter> = pageAfter(after);
      yield* page.statements;
      after = page.next;
    }
  }

  attestations(): readonly AttestationView[] {
    return this.#read(({ samples }) => samples.attestations().map((row) => samples.view(row)));
  }

  attestation(id: StatementId): AttestationView | undefined {
    return this.#read(({ samples }) => {
      const row = samples.attestation(id);
      return row && samples.view(row);
    });
  }

  nextDraws(attestation: StatementId, limit: number): NextDraws | undefined {
    return this.#read(({ samples }) => {
      const row = samples.attestation(attestation);
      return row && samples.nextDraws(row, limit);
    });
  }

  async lapsed(release: Cid, asked: Asked): Promise<readonly LapsedMember[]> {
    const takeTurn = takeTurns();
    let reader: CatalogReader | undefined;
    let parts: Iterator<void, readonly LapsedMember[]> | undefined;
    for (;;) {
      const part = this.#read((current) => {
        // A file that was replaced is read from the beginning.
        if (current !== reader) parts = undefined;
        parts ??= current.lapsed.of(release, asked);
        reader = current;
        return parts.next();
      });
      if (part.done === true) return part.value;
      await takeTurn();
    }
  }

  releasesWith(asset: Cid): readonly Cid[] {
    return this.#read(({ released }) => released.releasesWith(asset));
  }

  releases(): readonly ReleaseView[] {
    return this.#read((reader) => reader.releases());
  }

  candidates(filter: SelectionFilter, asked: Asked): Generator<ReleaseCandidate> {
    return this.#asOfNow(({ selection }) => selection.candidates(filter, asked));
  }

  leftOut(filter: SelectionFilter, asked: Asked): Generator<FailedRule> {
    return this.#asOfNow(({ selection }) => selection.leftOut(filter, asked));
  }

  /** Ends what is under way and closes the file; one that turned out to be damaged is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#thread[Symbol.asyncDispose]();
    await this.#projected;
    this.#file[Symbol.dispose]();
    if (this.#isDamaged) removeCatalogFile(this.#path);
  }

  *#asOfNow<T>(select: (reader: CatalogReader) => Iterable<T>): Generator<T> {
    try {
      using reader = this.#file.readAsOfNow();
      yield* select(reader);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  #inTurn(project: () => Promise<number>): Promise<number> {
    const run = this.#projected.then(project).finally(() => this.#tell());
    // Its failure is the caller's; the next one begins anew.
    this.#projected = run.catch(() => undefined);
    return run;
  }

  async #catchUp(pacer: Pacer): Promise<number> {
    try {
      const problem = this.#isDamaged ? 'is damaged' : await this.#file.problem();
      if (problem !== undefined) this.#replace(problem);
      return await this.#file.catchUp(pacer);
    } catch (error) {
      if (error instanceof RestatedError) this.#replace('holds entries that stand otherwise now');
      else if (this.#file.isDamagedBy(error)) this.#replace('is damaged');
      else throw error;
      return await this.#catchUp(pacer);
    }
  }

  #replace(why: string): void {
    this.#onNotice(`the catalog ${this.#path} ${why}; it is built again from the ledger`);
    this.#reopen(() => removeCatalogFile(this.#path));
  }

  /** Does something to the file while it is closed; no question can come in between. */
  #reopen(change: () => void): void {
    this.#file[Symbol.dispose]();
    this.#thread.forgetFile();
    try {
      change();
    } finally {
      this.#file = new ProjectedFile(this.#path, this.#ledger, this.#onNotice);
      this.#isDamaged = false;
      this.#isOther = true;
      this.#reopened += 1;
      this.#file.moves.isWatched = this.#watchers.size > 0;
    }
  }

  /** Also after a projection that failed: the pages before are there. */
  #tell(): void {
    if (this.#watchers.size === 0 || this.#closing.signal.aborted) return;
    const { next, moves, isCut } = this.#moved();
    const isOther = this.#isOther || isCut;
    this.#isOther = false;
    if (next === this.#toldNext && moves.length === 0 && !isOther) return;
    this.#toldNext = next;
    for (const { asked, onNews } of this.#watchers) {
      onNews({ next, ...this.#changed(moves, asked, isOther) });
    }
  }

  #moved(): { readonly next: number; readonly moves: readonly Move[]; readonly isCut: boolean } {
    const { moves, isCut } = this.#file.moves.take();
    try {
      return { next: this.#read(() => this.#file.next), moves, isCut };
    } catch {
      // The damage is noted; the file that takes this one's place is told of.
      return { next: this.#toldNext, moves: [], isCut: true };
    }
  }

  #changed(
    moves: readonly Move[],
    asked: WatchedQuestion,
    isCut: boolean,
  ): Pick<CatalogNews, 'verdicts' | 'isCut'> {
    try {
      return { verdicts: this.#read(({ verdicts }) => verdicts.changed(moves, asked)), isCut };
    } catch {
      // Damage is noted, and a policy that is not in force says nothing: whoever asks is told why.
      return { verdicts: [], isCut: true };
    }
  }

  #read<T>(question: (reader: CatalogReader) => T): T {
    try {
      return question(this.#file.reader);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  /** Asks what may look at every asset, and ends when the catalog is closed. */
  async #ask<Kind extends LongKind>(
    question: LongQuestion<Kind>,
    signal: AbortSignal | undefined,
  ): Promise<LongAnswer<Kind>> {
    const file = this.#file;
    const signals = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    try {
      if (file.reader.filters.most < this.#threadFrom) {
        return await answerLong(question, file.reader.filters, new Pacer(signals));
      }
      return await this.#thread.ask(question, this.#ledger.policies(), signals);
    } catch (error) {
      // Damage of a file that was replaced meanwhile says nothing of this one.
      throw file === this.#file ? this.#noted(error) : error;
    }
  }

  /** A file in which a question met damage is built again when there is the next occasion. */
  #noted(error: unknown): unknown {
    if (error instanceof ArchiveError && error.code === 'home_corrupt') this.#isDamaged = true;
    return error;
  }
}
