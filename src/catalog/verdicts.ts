import { ArchiveError } from '../core/errors.ts';
import { decide } from '../core/policy/decide.ts';
import type { Level, NamedPolicy } from '../core/policy/documents.ts';
import { levelOf } from '../core/policy/evidence-level.ts';
import { GATES } from '../core/policy/gates.ts';
import type { DecisionInput } from '../core/policy/input.ts';
import type { Purpose } from '../core/policy/purposes.ts';
import type { Question } from '../core/policy/question.ts';
import type { AssetFilter } from '../core/ports/asset-lists.ts';
import type {
  VerdictChange,
  VerdictCounts,
  VerdictWord,
  WatchedQuestion,
} from '../core/ports/verdict-news.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import { CatalogDamagedError, parseStored, required } from './file/damage.ts';
import type { Move } from './projecting/moves.ts';
import type { SourceLedger } from './projecting/source-ledger.ts';
import { classKey } from './rows/class-rows.ts';

/** A question in the words of the catalog's callers: the policy by its name. */
export type Asked = Omit<NonNullable<AssetFilter['verdict']>, 'is' | 'level' | 'gate'>;

/** A question that may leave aside witnesses and copies, which replication itself supplies. */
type AskedForReplicas = Asked & { readonly isForReplicas?: boolean };

/** What a policy asks of an asset that no partner has yet. */
const NOT_REPLICATED = { witnesses: 0, copies: 0, copyAgeDays: null };

/** The answer for one class, and for which moments it holds. */
export interface ClassVerdict {
  readonly verdict: VerdictWord;
  readonly level: Level;
  readonly selfVetted: boolean;
  readonly headline: { readonly rule: string; readonly code: string } | undefined;
  /** First moment for which it is known to hold. */
  readonly from: string;
  /** First moment at which it may be another; null if time alone never changes it. */
  readonly until: string | null;
}

/** A question with the answers to it that are known. */
interface Kept {
  readonly question: Question;
  readonly answers: Map<number, ClassVerdict>;
}

/** Questions whose answers are kept. */
const CACHE_SIZE = 16;

/**
 * Answers questions about whole classes. Answers are kept in memory only, each with the time for
 * which it holds, so one is never served for a moment it was not made for.
 */
export class Verdicts {
  readonly #ledger: Pick<SourceLedger, 'policies'>;
  readonly #classes: Query<{ id: number; assets: number }>;
  readonly #input: Query<{ key: string; input: string }>;
  readonly #answers = new Map<string, Map<number, ClassVerdict>>();
  #counts: ReadonlyMap<number, number> | undefined;

  constructor(db: Database, ledger: Pick<SourceLedger, 'policies'>) {
    this.#ledger = ledger;
    this.#classes = db.prepare('SELECT id, assets FROM classes WHERE assets > 0');
    this.#input = db.prepare('SELECT key, input FROM classes WHERE id = ?');
  }

  /** To be called when entries have been projected. */
  forget(): void {
    this.#counts = undefined;
  }

  /** Returns the number of assets in each class that has any. */
  assetsByClass(): ReadonlyMap<number, number> {
    this.#counts ??= new Map(this.#classes.all().map(({ id, assets }) => [id, assets]));
    return this.#counts;
  }

  /**
   * Returns what two questions have in common that are alike but for their moment.
   *
   * @throws {ArchiveError} as {@link Verdicts.answer}.
   */
  keyOf(asked: Asked): string {
    return questionKey(this.#policy(asked.policy), asked);
  }

  /**
   * Returns the verdict on each class that has assets.
   *
   * @throws {ArchiveError} `policy_unknown` if no policy of that name is in force.
   */
  answer(asked: AskedForReplicas): ReadonlyMap<number, ClassVerdict> {
    const kept = this.#keptFor(asked);
    for (const id of this.assetsByClass().keys()) this.#answerOne(id, kept);
    return kept.answers;
  }

  /**
   * Returns the verdict on one class, and decides no other.
   *
   * @throws {ArchiveError} as {@link Verdicts.answer}.
   */
  answerFor(id: number, asked: Asked): ClassVerdict {
    return this.#answerOne(id, this.#keptFor(asked));
  }

  /**
   * Returns for which purposes one class is eligible.
   *
   * @throws {ArchiveError} as {@link Verdicts.answer}.
   */
  eligibleFor(
    id: number,
    asked: Omit<Asked, 'purpose'>,
    purposes: readonly Purpose[],
  ): ReadonlySet<Purpose> {
    const named = this.#policy(asked.policy);
    const verdictFor = (purpose: Purpose) =>
      this.#answerOne(id, this.#keptBy(named, { ...asked, purpose })).verdict;
    return new Set(purposes.filter((purpose) => verdictFor(purpose) === 'eligible'));
  }

  /** Returns how many assets get which verdict, and on which rule the others fail first. */
  count(asked: Asked): VerdictCounts {
    const answers = this.answer(asked);
    const verdicts = { eligible: 0, hold: 0, ineligible: 0 };
    const headlines = new Map<string, { rule: string; code: string; assets: number }>();
    for (const [id, assets] of this.assetsByClass()) {
      const answer = required(answers.get(id), `the verdict on class ${id}`);
      verdicts[answer.verdict] += assets;
      if (answer.headline === undefined) continue;
      const { rule, code } = answer.headline;
      const key = `${rule} ${code}`;
      const counted = headlines.get(key) ?? { rule, code, assets: 0 };
      counted.assets += assets;
      headlines.set(key, counted);
    }
    return {
      ...verdicts,
      headlines: [...headlines.values()]
        .map((headline) => ({ gate: gateOf(headline.rule), ...headline }))
        .sort((a, b) => b.assets - a.assets || (a.code < b.code ? -1 : 1)),
    };
  }

  /**
   * Returns on which of these assets another class means another verdict.
   *
   * @throws {ArchiveError} as {@link Verdicts.answer}.
   */
  changed(moves: readonly Move[], watched: WatchedQuestion): readonly VerdictChange[] {
    if (moves.length === 0) return [];
    const { policy } = this.#policy(watched.policy);
    const question: Question = { ...watched, policy, at: watched.at() };
    const known = new Map<number, VerdictWord>();
    const decided = (id: number | null) => {
      if (id === null) return null;
      const word = known.get(id) ?? this.decideOne(id, question).verdict;
      known.set(id, word);
      return word;
    };
    return moves
      .map(({ asset, arrival, before, after }) => {
        return { asset, arrival, before: decided(before), after: decided(after) };
      })
      .filter(
        ({ before, after }) => before !== after && !(before === null && after === 'ineligible'),
      )
      .sort((a, b) => a.arrival - b.arrival);
  }

  #keptFor(asked: AskedForReplicas): Kept {
    return this.#keptBy(this.#policy(asked.policy), asked);
  }

  #keptBy(named: NamedPolicy, asked: AskedForReplicas): Kept {
    const { purpose, requester, at, isForReplicas = false } = asked;
    const policy = isForReplicas ? { ...named.policy, ...NOT_REPLICATED } : named.policy;
    const answers = this.#answersTo(questionKey(named, asked));
    return { question: { purpose, requester, at, policy }, answers };
  }

  #answerOne(id: number, { question, answers }: Kept): ClassVerdict {
    const known = answers.get(id);
    if (known !== undefined && holdsAt(known, question.at)) return known;
    const answer = this.decideOne(id, question);
    answers.set(id, answer);
    return answer;
  }

  #policy(name: string): NamedPolicy {
    const policies = this.#ledger.policies();
    const found = policies.find(({ policy }) => policy.name === name);
    if (found !== undefined) return found;
    const names = policies.map(({ policy }) => policy.name).join(', ');
    throw new ArchiveError(
      'policy_unknown',
      `no policy ${JSON.stringify(name)} is in force; there are ${names}`,
    );
  }

  #answersTo(key: string): Map<number, ClassVerdict> {
    const known = this.#answers.get(key) ?? new Map<number, ClassVerdict>();
    this.#answers.delete(key);
    this.#answers.set(key, known);
    if (this.#answers.size > CACHE_SIZE) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    return known;
  }

  /** Decides one class, whatever was decided before. */
  decideOne(id: number, question: Question): ClassVerdict {
    const row = required(this.#input.get(id), `class ${id}`);
    if (classKey(row.input) !== row.key) throw new CatalogDamagedError(`class ${id} is not itself`);
    // Only `decisionKey` writes this column, from an input.
    const input = parseStored(row.input, `class ${id}`) as DecisionInput;
    const { verdict, level, headline, validUntil } = decide(input, question);
    return {
      verdict,
      level,
      selfVetted: levelOf(input, question).isSelfVetted,
      headline:
        headline === null || headline.code === null
          ? undefined
          : { rule: headline.rule, code: headline.code },
      from: question.at,
      until: validUntil,
    };
  }
}

function questionKey(
  { cid }: NamedPolicy,
  { purpose, requester, isForReplicas = false }: AskedForReplicas,
): string {
  return `${cid} ${purpose} ${requester} ${isForReplicas}`;
}

function holdsAt({ from, until }: ClassVerdict, at: string): boolean {
  return from <= at && (until === null || at < until);
}

/** Returns the gate that fails first; undefined for an eligible asset. */
export function failedGate({ headline }: Pick<ClassVerdict, 'headline'>): string | undefined {
  return headline === undefined ? undefined : gateOf(headline.rule);
}

function gateOf(rule: string): string {
  return GATES.find(({ rules }) => rules.some((name) => name === rule))?.gate ?? '';
}
