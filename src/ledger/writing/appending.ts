import { setImmediate } from 'node:timers/promises';
import type { Cid } from '../../core/cid.ts';
import { FORMAT } from '../../core/entries/charter.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { acceptEntry } from '../../core/entries/entry.ts';
import { entryHashFromBytes, entryHashToBytes } from '../../core/entries/entry-hash.ts';
import type { Governance } from '../../core/entries/governance/fold.ts';
import { keysOf } from '../../core/entries/governance/ruling-problem.ts';
import { type Judgement, judgeAll } from '../../core/entries/judge.ts';
import { isAuthor, standIn, strangerError } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type { Append, Appended, Arrival } from '../../core/ports/ledger.ts';
import { encodeBatch } from '../../core/statements/batch.ts';
import type { Block } from '../../core/statements/block.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { isKind, KINDS } from '../../core/statements/kinds.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { isCheckpointOf } from '../checkpoints/own-checkpoint.ts';
import { damaged } from '../damaged.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { arrivalOf, type JudgedEntry } from '../reading/arrivals.ts';
import type { Salts } from '../reading/salts.ts';
import { acceptanceContext, storedPasts } from '../ruling/archive-identity.ts';
import { newestOf } from '../ruling/newest-of.ts';
import { rulingOf } from '../ruling/ruling-of.ts';
import { sha256 } from '../sha256.ts';
import type { StoredEntry } from '../tables/stored-entry.ts';
import {
  type CheckedAppend,
  checkAppend,
  checkNamed,
  refuseUnnamed,
  rejected,
  rejecting,
} from './append-checks.ts';
import { headsFor } from './heads.ts';
import { type DraftEntry, type DraftEntryOf, openOrbitLog } from './orbit-log.ts';
import { refuseOtherWriter } from './refuse-other-writer.ts';
import type { EntryWriter, Ruling } from './write-entry.ts';

/** Statements judged before others get a turn; takes some milliseconds. */
const JUDGED_AT_ONCE = 256;

/** Entries kept in memory for the projection that follows each append. */
const RECENT = 4;

/** Makes this home's entries. Calls must not overlap. */
export class Appending {
  readonly #parts: LedgerParts;
  readonly #writer: EntryWriter;
  readonly #signer: Signer;
  readonly #salts: Salts;
  #draft: DraftEntryOf | undefined;
  #heads: readonly StoredEntry[] = [];
  readonly #recent = new Map<number, JudgedEntry>();

  constructor(parts: LedgerParts, writer: EntryWriter, signer: Signer, salts: Salts) {
    this.#parts = parts;
    this.#writer = writer;
    this.#signer = signer;
    this.#salts = salts;
  }

  /** As {@link Ledger.append}. */
  async append(append: Append): Promise<Appended> {
    const { store, ancestry } = this.#parts;
    const checked = await checkAppend(append, store);
    const size = store.size();
    this.#heads = headsFor(this.#signer.did, store, ancestry);
    const state = this.#refuseStranger();
    const { once, judgements } = await this.#judge(append.statements, checked);
    const { payload, batch } = this.#payload(append.statements, state.format);
    this.#draft ??= await this.#openLog();
    const draft = await this.#draft(payload);
    const ruling = isInline(append.statements)
      ? rulingOf(this.#signer.did, state, judgements)
      : undefined;
    const arrival = this.#commit(size, { append, checked, draft, batch, once, ruling });
    // What stood before may not stand now.
    if (ruling !== undefined) this.forget();
    const position = this.#parts.store.position(draft.hash);
    if (position === undefined) throw damaged(`entry ${arrival} is not there`);
    const { governing } = this.#parts;
    const place = governing.placeOf(draft.hash, position);
    this.#remember({
      number: arrival,
      hash: draft.hash,
      clock: draft.entry.clock.time,
      author: this.#signer.did,
      outlines: append.statements,
      judgements: standIn(governing.now(), { author: this.#signer.did, place }, judgements),
      records: checked.said,
    });
    const ids = append.statements.map((_, i) => `${draft.hash}/${i}`);
    return { entry: draft.hash, arrival, ids };
  }

  /** As {@link Ledger.lastEntriesOf}: what the next entry would have to name. */
  lastEntriesOf(id: Did, key: Did | null): readonly EntryHash[] {
    const { store, ancestry, governing } = this.#parts;
    const heads = headsFor(this.#signer.did, store, ancestry);
    const keys = keysOf(id, key, governing.in(governing.pastOver(heads)));
    return [...newestOf(keys, heads, store, ancestry)].sort();
  }

  /** To be called when entries came from elsewhere, which may change how others stand. */
  forget(): void {
    this.#recent.clear();
  }

  /** Returns an entry that was appended a moment ago, as it stands as of everything held. */
  appended(number: number): Arrival | undefined {
    const judged = this.#recent.get(number);
    return judged === undefined ? undefined : arrivalOf(judged);
  }

  #remember(judged: JudgedEntry): void {
    this.#recent.set(judged.number, judged);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size > RECENT) this.#recent.delete(oldest);
  }

  /** Refuses what would count for nothing; returns the rest, and what tells repeated envelopes. */
  async #judge(
    statements: readonly StatementOutline[],
    checked: CheckedAppend,
  ): Promise<{ readonly once: readonly Cid[]; readonly judgements: readonly Judgement[] }> {
    const { judging, store, identity } = this.#parts;
    const context = judging.of(
      { author: this.#signer.did, parents: this.#heads, inline: isInline(statements) },
      checked,
    );
    const once = new Set<Cid>();
    const judgements: Judgement[] = [];
    const isRepetition = (key: Cid) => once.has(key) || context.isRepetition(key);
    for (let start = 0; start < statements.length; start += JUDGED_AT_ONCE) {
      const some = statements.slice(start, start + JUDGED_AT_ONCE);
      for (const [i, judgement] of judgeAll(some, { ...context, isRepetition }).entries()) {
        if (judgement.outcome !== 'standing') {
          const reason = judgement.outcome === 'void' ? judgement.reason : 'its kind is not known';
          throw rejected(`statement ${start + i} (${some[i]?.kind}) would not count: ${reason}`);
        }
        checkNamed(judgement.statement, checked, store, identity.address);
        if (judgement.once !== undefined) once.add(judgement.once);
        judgements.push(judgement);
      }
      await setImmediate();
    }
    refuseUnnamed(checked);
    return { once: [...once], judgements };
  }

  /**
   * Returns the state that the next entry is written in.
   *
   * @throws {ArchiveError} `member_missing`; `format_unknown` if the rules are newer than this program.
   */
  #refuseStranger(): Governance {
    const { governing } = this.#parts;
    const state = governing.in(governing.pastOver(this.#heads));
    if (state.format > FORMAT) {
      throw new ArchiveError(
        'format_unknown',
        `this archive follows format ${state.format}, this program knows ${FORMAT}; upgrade`,
      );
    }
    const { did } = this.#signer;
    if (isAuthor(did, state) && isAuthor(did, governing.now())) return state;
    throw strangerError(did);
  }

  #payload(
    statements: readonly StatementOutline[],
    format: number,
  ): {
    readonly payload: unknown;
    readonly batch: Block | undefined;
  } {
    if (isInline(statements)) {
      return { payload: { format, statement: statements[0] }, batch: undefined };
    }
    const batch = rejecting(() => encodeBatch(statements, sha256));
    return { payload: { format, batch: batch.cid }, batch };
  }

  /** Makes everything durable together. Another process that came first is noticed here. */
  #commit(size: number, made: Made): number {
    const { db, tree } = this.#parts;
    const writer = this.#writer;
    const { append, checked, draft, batch, once, ruling } = made;
    const { arrival, settle } = transaction(db, () => {
      refuseOtherWriter(this.#parts, size);
      if (batch !== undefined) writer.block(batch.cid, batch.bytes);
      for (const [cid, bytes] of checked.blocks) writer.block(cid, bytes);
      writer.records(checked.records);
      for (const [cid, members] of checked.sets) writer.set(cid, members);
      const salts = this.#salts.write();
      const number = writer.entry({
        ...draft,
        cid: entryHashToBytes(draft.hash),
        statements: append.statements,
        once,
        isOwnCheckpoint: isCheckpointOf(tree, this.#signer.did, append.statements),
        missing: [],
        ruling,
      });
      return { arrival: number, settle: salts.settle };
    });
    settle();
    return arrival;
  }

  #openLog(): Promise<DraftEntryOf> {
    const { store, identity } = this.#parts;
    const context = acceptanceContext(identity, storedPasts(this.#parts));
    return openOrbitLog({
      address: identity.address,
      signer: this.#signer,
      heads: () => this.#heads.map((head) => entryHashFromBytes(head.cid)),
      entryBytes: (hash) => store.entry(entryHashToBytes(hash))?.bytes,
      accept: (bytes) => acceptEntry(bytes, context),
    });
  }
}

interface Made {
  readonly append: Append;
  readonly checked: CheckedAppend;
  readonly draft: DraftEntry;
  readonly batch: Block | undefined;
  readonly once: readonly Cid[];
  readonly ruling: Ruling | undefined;
}

/** A governance statement stands alone and inline, everything else in a batch. */
function isInline(statements: readonly StatementOutline[]): boolean {
  const [first] = statements;
  return (
    statements.length === 1 &&
    first !== undefined &&
    isKind(first.kind) &&
    KINDS[first.kind].governance
  );
}
