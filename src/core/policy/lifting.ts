import { LEVELS, type Level } from './documents.ts';
import type { RuleName } from './gates.ts';
import type { Master } from './inheritance.ts';
import type { DepositInput } from './input.ts';
import type { Question } from './question.ts';
import { type Case, countOf, type Outcome } from './rules/outcome.ts';
import { LEVEL_WORDS } from './rules/r8-evidence.ts';

/** The master that hands on what is shown of it, and up to which level. */
export interface Lifting {
  readonly master: Master & { readonly answers: NonNullable<Master['answers']> };
  readonly level: Level;
}

/** What the word of one institution is worth about what it made: as much as its custody (policy.md §2). */
const BY_ONE_INSTITUTION: Level = 'H2';

/**
 * Returns which master hands on its level, origin and rights; undefined if none does.
 *
 * That a file came out of a recipe is shown by organisations that made it, or made it anew and found
 * the same: two of them, or one more than the policy asks witnesses of. One vetted institution alone is
 * believed where no witness is asked for, as far as its custody would be. Nothing is handed on against
 * what the rendition's own bytes, or people about it, say of its making.
 */
export function liftedBy(masters: readonly Master[], given: Case): Lifting | undefined {
  const { input, origin, question } = given;
  const isOpen = origin.class === 'UNKNOWN' && origin.by.length === 0;
  const isShown = input.origins.some(({ isCounted }) => isCounted) && origin.class !== 'UNKNOWN';
  if (!(isOpen || isShown) || input.contradictions.length > 0) return undefined;
  const liftings = masters.flatMap((master) => liftingOf(master, question) ?? []);
  return liftings.toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level))[0];
}

function liftingOf({ answers, ...master }: Master, { policy }: Question): Lifting | undefined {
  if (answers === undefined) return undefined;
  const whole = { ...master, answers };
  if (master.organisations.length >= Math.max(2, policy.witnesses + 1)) {
    return { master: whole, level: answers.level };
  }
  if (!master.isByInstitution || policy.witnesses > 0) return undefined;
  return { master: whole, level: lower(answers.level, BY_ONE_INSTITUTION) };
}

/** Codes that say that something is not shown or granted, and nothing against the work. */
const OPEN_CODES: Readonly<Partial<Record<RuleName, string>>> = {
  R4: 'E_NO_GRANT',
  R7: 'E_ORIGIN_UNKNOWN',
  R8: 'E_EVIDENCE',
};

/**
 * Returns a rendition's own answer, or that of its master where its own is only that nothing is shown.
 * Where the master fails, `inherited` says so.
 */
export function lifted(
  rule: RuleName,
  own: Outcome,
  lifting: Lifting | undefined,
  { input, question: { policy } }: Case,
): Outcome {
  if (lifting === undefined || own.code === null || own.code !== OPEN_CODES[rule]) return own;
  const { master, level } = lifting;
  const { ref, derivation, organisations, answers } = master;
  // Whoever deposited the file and does not call it a rendition goes by what their deposit says.
  const isOther = ({ organisation }: DepositInput) => !organisations.includes(organisation);
  if (rule === 'R4' && input.deposits.some(isOther)) return own;
  const answer = answers.outcomeOf(rule);
  if (rule === 'R8' && LEVELS.indexOf(level) < LEVELS.indexOf(policy.floor)) return own;
  const said =
    rule === 'R8'
      ? `level ${level} (${LEVEL_WORDS[level]}); the policy asks for ${policy.floor}.`
      : answer.text;
  const by = countOf(organisations.length, 'organisation');
  const text = `It is a rendition by ${by}, and of its master: ${said}`;
  return { pass: true, code: null, text, entries: [ref], derivation };
}

export function higher(own: Level, other: Level = own): Level {
  return LEVELS.indexOf(other) > LEVELS.indexOf(own) ? other : own;
}

function lower(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b;
}
