import { type Cid, cidFromBytes, cidToBytes } from '../core/cid.ts';
import type { Charter } from '../core/entries/charter.ts';
import type { Did } from '../core/entries/did-key.ts';
import { entryHashFromBytes } from '../core/entries/entry-hash.ts';
import type { Governance } from '../core/entries/governance/fold.ts';
import { type GovernanceView, viewOf } from '../core/entries/governance/view.ts';
import { recordsOf } from '../core/entries/references.ts';
import { browserKeysOf, type Member, membersOf, memberWith } from '../core/entries/standing.ts';
import { ArchiveError } from '../core/errors.ts';
import type { NamedCredentialList } from '../core/policy/credential-list.ts';
import type { NamedPolicy, VettedInstitution } from '../core/policy/documents.ts';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';
import type { Signer } from '../core/ports/keys.ts';
import type { KnownFeeds } from '../core/ports/known-feeds.ts';
import type {
  Append,
  Appended,
  Arrival,
  Change,
  CheckpointState,
  CosignedNote,
  ErasureProgress,
  Fork,
  Ledger,
  LedgerProblem,
  RecordNaming,
} from '../core/ports/ledger.ts';
import type { Imported, LedgerFeed } from '../core/ports/ledger-feed.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import { type RecordData, readRecord } from '../core/statements/record.ts';
import { takeTurns } from '../core/take-turns.ts';
import { type CheckpointEntry, Checkpointing } from './checkpoints/checkpointing.ts';
import { damaged } from './damaged.ts';
import { decideErasures } from './erasing/deciding-erasures.ts';
import { deleteErased } from './erasing/deleting-erased.ts';
import { progressOf } from './erasing/erasure-progress.ts';
import type { LedgerParts } from './ledger-parts.ts';
import { Listeners } from './listeners.ts';
import { Mutex } from './mutex.ts';
import { readArrivals } from './reading/arrivals.ts';
import { readChanges } from './reading/changes.ts';
import { eachEntry } from './reading/each-entry.ts';
import { readSetMembers } from './reading/read-set.ts';
import { type SaltSort, Salts } from './reading/salts.ts';
import { SqliteLedgerFeed } from './reading/sqlite-ledger-feed.ts';
import { checked, verifiedBlock } from './reading/verified-block.ts';
import { credentialListOf, institutionsOf, policiesOf } from './ruling/policies-in-force.ts';
import { copyLedger } from './tables/copy-ledger.ts';
import { pageProblems } from './verifying/page-problems.ts';
import { type VerifyOptions, verifyLedger } from './verifying/verify-ledger.ts';
import { Appending } from './writing/appending.ts';
import { importEntries, importRecords } from './writing/importing.ts';
import { EntryWriter } from './writing/write-entry.ts';

/** What a state of governance puts in force. */
interface InForce {
  readonly state: Governance;
  readonly view: GovernanceView;
  readonly policies: readonly NamedPolicy[];
  readonly institutions: readonly VettedInstitution[];
  readonly credentialList: NamedCredentialList | undefined;
}

/** The ledger of one home, in one SQLite file. Made by `openLedger`. */
export class SqliteLedger implements Ledger, AsyncDisposable {
  readonly address: string;
  readonly charterCid: Cid;
  readonly charter: Charter;
  /** The arrival log as other nodes read it, and the way in for theirs. */
  readonly feed: LedgerFeed;
  /** What this home remembers of other nodes' arrival logs. */
  readonly feeds: KnownFeeds;
  readonly #parts: LedgerParts;
  readonly #did: Did;
  readonly #clock: Clock;
  readonly #mutex = new Mutex();
  readonly #writer: EntryWriter;
  readonly #salts: Salts;
  readonly #appending: Appending;
  readonly #checkpointing: Checkpointing;
  readonly #grown = new Listeners();
  #known: InForce | undefined;

  constructor(
    parts: LedgerParts,
    home: {
      readonly signer: Signer;
      readonly clock: Clock;
      readonly randomBytes: RandomBytes;
    },
  ) {
    const { identity, store, db } = parts;
    const { signer, clock, randomBytes } = home;
    this.address = identity.address;
    this.charterCid = identity.charterCid;
    this.charter = identity.charter;
    this.#parts = parts;
    this.#did = signer.did;
    this.#clock = clock;
    this.#writer = new EntryWriter(store, parts.ancestry);
    this.#salts = new Salts(db, randomBytes);
    this.#appending = new Appending(parts, this.#writer, signer, this.#salts);
    this.#checkpointing = new Checkpointing({
      store,
      signer,
      origin: parts.tree.origin,
      clock,
      append: (append) => this.#appending.append(append),
    });
    this.feeds = parts.feeds;
    this.feed = new SqliteLedgerFeed(parts, signer, {
      importEntries: (deliveries, settle) => this.importEntries(deliveries, settle),
      importRecords: (records) =>
        this.#mutex.run(async () => importRecords(records, parts, this.#writer)),
      watch: (listener) => this.#grown.add(listener),
    });
  }

  get self(): { readonly did: Did; readonly organisation: string } {
    return { did: this.#did, organisation: this.memberOf(this.#did)?.organisation ?? '' };
  }

  get isWaiting(): boolean {
    return this.#parts.store.isWaiting();
  }

  endWait(): void {
    if (this.isWaiting) this.#parts.db.exec('DELETE FROM waiting');
  }

  /** As {@link copyLedger}; a damaged file is not copied. */
  async copyTo(path: string): Promise<void> {
    for await (const { text } of this.fileDamage()) throw damaged(text);
    await copyLedger(this.#parts.db, path);
  }

  async append(append: Append): Promise<Appended> {
    this.#refuseWaiting();
    const appended = await this.#mutex.run(async () => {
      const done = await this.#appending.append(append);
      await this.decideErasures();
      return done;
    });
    this.#grown.tell();
    return appended;
  }

  /** As {@link LedgerFeed.importEntries}, after what was asked for before. */
  async importEntries(
    ...[deliveries, settle]: Parameters<LedgerFeed['importEntries']>
  ): Promise<readonly Imported[]> {
    const imported = await this.#mutex.run(async () => {
      this.#appending.forget();
      const taken = await importEntries(deliveries, this.#parts, this.#writer, settle);
      await this.decideErasures();
      return taken;
    });
    if (imported.some(({ outcome }) => outcome === 'accepted')) this.#grown.tell();
    return imported;
  }

  async checkpoint(
    options: { readonly force?: boolean; readonly cosigned?: CosignedNote } = {},
  ): Promise<CheckpointEntry> {
    const { force = false, cosigned } = options;
    this.#refuseWaiting();
    const size = this.size();
    const made = await this.#mutex.run(() => this.#checkpointing.checkpoint(force, cosigned));
    if (this.size() > size) this.#grown.tell();
    return made;
  }

  checkpointState(): CheckpointState {
    return this.#checkpointing.state();
  }

  size(): number {
    return this.#parts.store.size();
  }

  arrivals(since: number): AsyncIterable<Arrival> {
    return readArrivals(this.#parts, since, (number) => this.#appending.appended(number));
  }

  changes(since: number, settled = 0): AsyncIterable<Change> {
    return readChanges(this.#parts, since, settled, (number) => this.#appending.appended(number));
  }

  async setMembers(set: Cid): Promise<readonly Cid[]> {
    const members: Cid[] = [];
    const turn = takeTurns();
    try {
      for await (const member of readSetMembers(set, (cid) => this.#block(cid))) {
        members.push(member);
        await turn();
      }
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
      throw new ArchiveError('block_corrupt', `${set} is no whole set: ${error.message}`, {
        cause: error,
      });
    }
    return members;
  }

  record(cid: Cid): RecordData | undefined {
    const bytes = this.#parts.store.records.get(cid);
    return bytes === undefined ? undefined : readRecord(checked(cid, bytes));
  }

  async *namings(): AsyncGenerator<RecordNaming, void> {
    for await (const { entry, statements } of eachEntry(this.#parts.store)) {
      for (const statement of statements) {
        for (const record of recordsOf(statement)) {
          const says = this.record(record);
          if (says === undefined) continue;
          yield { record, says, statement, author: statement.signed?.by ?? entry.identity };
        }
      }
    }
  }

  erasures(): readonly ErasureProgress[] {
    return progressOf(this.#parts.store);
  }

  deleteErased(since: number): Promise<number> {
    return this.#mutex.run(async () => {
      await this.decideErasures();
      return deleteErased(this.#parts, this.#salts, since);
    });
  }

  /**
   * Hides what erasures hide that were written since; called when entries were written or the ledger is
   * opened. The entries are there, so nothing that fails here may say that they are not: what is
   * undecided stays noted, and is decided the next time.
   */
  async decideErasures(): Promise<void> {
    try {
      const isChanged = await decideErasures(this.#parts, this.#writer, this.#clock());
      if (isChanged) this.#appending.forget();
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
    }
  }

  lateRecords(since: number, limit: number): readonly Cid[] {
    return this.#parts.store.missing.late(since, limit).map(cidFromBytes);
  }

  lateRecordCount(): number {
    return this.#parts.store.missing.lateCount();
  }

  block(cid: Cid): Uint8Array | undefined {
    const { store } = this.#parts;
    const bytes = store.block(cid) ?? store.entry(cidToBytes(cid))?.bytes;
    return bytes === undefined ? undefined : checked(cid, bytes);
  }

  isAncestor(ancestor: EntryHash, entry: EntryHash): boolean {
    const { store, ancestry } = this.#parts;
    const past = store.position(ancestor);
    const at = store.position(entry);
    return past !== undefined && at !== undefined && ancestry.isAncestor(past, at);
  }

  forks(): readonly Fork[] {
    return this.#parts.store.chains.forks().map(({ author, one, other }) => ({
      author,
      entries: [entryHashFromBytes(other), entryHashFromBytes(one)],
    }));
  }

  salt(sort: SaltSort, name: string): Uint8Array {
    return this.#salts.salt(sort, name);
  }

  members(): readonly Member[] {
    return membersOf(this.#parts.governing.now());
  }

  memberOf(key: Did): Member | undefined {
    return memberWith(key, this.#parts.governing.now());
  }

  browserKeys(): readonly Did[] {
    return browserKeysOf(this.#did, this.#parts.governing.now());
  }

  governance(): GovernanceView {
    return this.#inForce().view;
  }

  lastEntriesOf(id: Did, key: Did | null): readonly EntryHash[] {
    return this.#appending.lastEntriesOf(id, key);
  }

  policies(): readonly NamedPolicy[] {
    return this.#inForce().policies;
  }

  institutions(): readonly VettedInstitution[] {
    return this.#inForce().institutions;
  }

  credentialList(): NamedCredentialList | undefined {
    return this.#inForce().credentialList;
  }

  fileDamage(): AsyncIterable<LedgerProblem> {
    return pageProblems(this.#parts.db.path);
  }

  verify(options: VerifyOptions = {}): AsyncIterable<LedgerProblem> {
    return verifyLedger(this.#parts, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mutex.idle();
    this.#parts.db.close();
  }

  #refuseWaiting(): void {
    if (!this.isWaiting) return;
    throw new ArchiveError(
      'home_restored',
      'this home was restored from a backup, and others may hold newer entries of it; connect it to ' +
        'a partner first, or run "ringfence restore --alone" on it if there is none',
    );
  }

  /** What is in force is read again when governance has changed. */
  #inForce(): InForce {
    const state = this.#parts.governing.now();
    if (this.#known?.state !== state) {
      const view = viewOf(state, this.charter);
      const { store } = this.#parts;
      this.#known = {
        state,
        view,
        policies: policiesOf(view, store),
        institutions: institutionsOf(view, this.charter, store),
        credentialList: credentialListOf(view, store),
      };
    }
    return this.#known;
  }

  #block(cid: Cid): Uint8Array {
    return verifiedBlock(this.#parts.store, cid);
  }
}
