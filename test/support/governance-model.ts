import type { Did } from '../../src/core/entries/did-key.ts';
import { type Act, compareActs, type Place } from '../../src/core/entries/governance/act.ts';
import { foldGovernance, type Governance } from '../../src/core/entries/governance/fold.ts';
import { type Judgement, judgeAll } from '../../src/core/entries/judge.ts';
import { isAuthor, membersOf, standIn } from '../../src/core/entries/standing.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import type { Block } from '../../src/core/statements/block.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { isKind, KINDS } from '../../src/core/statements/kinds.ts';
import type { StatementOutline } from '../../src/core/statements/statement.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { type MadeEntry, makeEntry, type TestArchive } from './ledger-archive.ts';

/** An entry of a log that a test makes, with what the rules say of it from its past alone. */
export interface ModelEntry {
  readonly number: number;
  readonly made: MadeEntry;
  readonly author: Did;
  readonly statement: StatementOutline;
  readonly parents: readonly number[];
  readonly past: ReadonlySet<number>;
  readonly isAccepted: boolean;
  readonly judgements: readonly Judgement[];
  readonly act: Act | undefined;
}

/**
 * The rules of core over a log in memory, from scratch for every question: what the ledger must agree
 * with. Parents of an entry are accepted, as those of every entry are that a ledger looks at.
 */
export class GovernanceModel {
  readonly archive: TestArchive;
  readonly entries: ModelEntry[] = [];
  readonly #numbers = new Map<EntryHash, number>();

  constructor(archive: TestArchive) {
    this.archive = archive;
    const { founding, stewards } = archive;
    const [founder] = stewards;
    if (founder === undefined) throw new Error('an archive has stewards');
    this.entries.push({
      ...{ number: 0, made: founding, author: founder.did, parents: [], past: new Set<number>() },
      ...{ isAccepted: true, judgements: [], act: undefined },
      statement: { kind: 'checkpoint', v: 1, about: null, at: '', body: {} },
    });
    this.#numbers.set(founding.hash, 0);
  }

  add(
    signer: Signer,
    parents: readonly number[],
    statement: StatementOutline,
    companions: readonly Block[] = [],
  ): ModelEntry {
    const over = parents.map((number) => this.at(number));
    const inline = !isKind(statement.kind) ? false : KINDS[statement.kind].governance;
    const bare = makeEntry(
      this.archive,
      signer,
      over.map(({ made }) => made),
      [statement],
      { inline },
    );
    const made = { ...bare, blocks: [...bare.blocks, ...companions] };
    const known = this.#numbers.get(made.hash);
    if (known !== undefined) return this.at(known);
    const past = new Set(over.flatMap((one) => [one.number, ...one.past]));
    const state = this.stateOf(past);
    const isAccepted = over.every((one) => one.isAccepted) && isAuthor(signer.did, state);
    const number = this.entries.length;
    const judgements = judgeAll([statement], {
      address: this.archive.address,
      charter: this.archive.charterBlock.cid,
      author: signer.did,
      inline,
      past: state,
      newestOf: (keys) => this.newestOf(keys, past),
      isInPast: ({ entry, place }) =>
        past.has(this.#numbers.get(entry) ?? -1) && (place === undefined || place < 1),
      isWholeSet: () => false,
      block: (cid) => companions.find((block) => block.cid === cid)?.bytes,
      isRepetition: () => false,
      verify: verifySignature,
      sha256,
    });
    const id = state.titleOf(signer.did)?.id;
    const [judgement] = judgements;
    const isSound = inline && isAccepted && judgement?.outcome === 'standing' && id !== undefined;
    const { kind, body } = statement;
    const entry: ModelEntry = {
      ...{ number, made, author: signer.did, statement, parents, past, isAccepted, judgements },
      // A sound governance statement has the body of its kind.
      act: isSound
        ? ({ hash: made.hash, clock: made.clock, author: signer.did, id, kind, body } as Act)
        : undefined,
    };
    this.entries.push(entry);
    this.#numbers.set(made.hash, number);
    return entry;
  }

  at(number: number): ModelEntry {
    const entry = this.entries[number];
    if (entry === undefined) throw new Error(`there is no entry ${number}`);
    return entry;
  }

  /** Returns the fold of a set of entries. */
  stateOf(numbers: Iterable<number>): Governance {
    const acts = [...numbers].flatMap((number) => this.at(number).act ?? []);
    return foldGovernance(acts, {
      charter: this.archive.charter,
      charterCid: this.archive.charterBlock.cid,
      isInPast: (ancestor, entry) => this.isInPast(ancestor, entry),
    });
  }

  now(): Governance {
    return this.stateOf(this.entries.keys());
  }

  isInPast(ancestor: EntryHash, entry: EntryHash): boolean {
    const later = this.entries[this.#numbers.get(entry) ?? -1];
    return later?.past.has(this.#numbers.get(ancestor) ?? -1) === true;
  }

  placeOf({ made, past }: ModelEntry): Place {
    return {
      hash: made.hash,
      has: (act) => past.has(this.#numbers.get(act) ?? -1),
      isBefore: (entry) => this.isInPast(made.hash, entry),
    };
  }

  /** Returns how an accepted entry stands as of all that there is. */
  standingOf(entry: ModelEntry, state = this.now()): Judgement | undefined {
    const place = this.placeOf(entry);
    return standIn(state, { author: entry.author, place }, entry.judgements)[0];
  }

  newestOf(keys: readonly Did[], past: ReadonlySet<number>): readonly EntryHash[] {
    const own = [...past]
      .map((number) => this.at(number))
      .filter(({ author, statement, isAccepted }) => {
        const speaks = keys.includes(author) || keys.includes(statement.signed?.by ?? author);
        return isAccepted && speaks;
      });
    return own
      .filter((one) => !own.some((other) => other.past.has(one.number)))
      .map(({ made }) => made.hash)
      .sort();
  }

  heads(): readonly number[] {
    const accepted = this.entries.filter(({ isAccepted }) => isAccepted);
    const inner = new Set(accepted.flatMap(({ parents }) => parents));
    return accepted.map(({ number }) => number).filter((number) => !inner.has(number));
  }
}

/** What of a state must be the same on every node, as plain data. */
export function summaryOf(state: Governance): unknown {
  return {
    members: membersOf(state),
    stewards: state.bench.seats,
    needed: state.bench.needed,
    format: state.format,
    problems: state.acts.map(({ hash }) => [hash, state.problemOf(hash) ?? null]),
    topics: [...state.topics.topics()]
      .sort()
      .map((topic) => [topic, state.chainOf(topic).map(({ name }) => name)]),
    rivals: state.rivalries.map(({ winner, losers }) => [
      winner.name,
      ...losers.map(({ name }) => name).sort(),
    ]),
    order: [...state.acts].sort(compareActs).map(({ hash }) => hash),
  };
}
