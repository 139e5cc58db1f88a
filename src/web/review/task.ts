import type { Words } from '../api/record-statement.ts';
import type { Expected } from '../api/sign-statement.ts';
import type { Draw, Draws, Waiting } from './review-queries.ts';

/** What somebody looks at. */
export interface Task {
  /** Names it among the others. */
  readonly key: string;
  readonly asset: string;
  readonly why: Waiting['why'] | 'draw';
  /** The stop that is to be answered, or the evidence that is to be judged. */
  readonly statement?: string;
  readonly draw?: {
    readonly attestation: string;
    readonly number: number;
    /** What the institution says of it. */
    readonly says: Pick<Draw, 'sourceType' | 'maker' | 'date'>;
  };
  readonly noUse: Waiting['noUse'];
}

/** What somebody has made up their mind about. */
export interface Judgement {
  readonly outcome: string;
  readonly rubric: string;
  readonly evidence: readonly string[];
  readonly note: string;
}

type ReviewOutcome = Extract<Words, { review: unknown }>['review']['outcome'];
type StopOutcome = Extract<Words, { resolution: unknown }>['resolution']['outcome'];

const REVIEW_OUTCOMES: readonly ReviewOutcome[] = [
  'confirmed',
  'not-shown',
  'contradicted',
  'cannot-tell',
];
const STOP_OUTCOMES: readonly StopOutcome[] = ['lifted', 'dismissed', 'upheld'];

export function isStop({ why }: Task): boolean {
  return why === 'dispute' || why === 'hold';
}

export function outcomesFor(task: Task): readonly string[] {
  return isStop(task) ? STOP_OUTCOMES : REVIEW_OUTCOMES;
}

export function taskOf({ why, asset, statement, noUse }: Waiting): Task {
  return { key: `${why} ${asset}`, asset, why, statement, noUse };
}

/** The draws of an attempt that nobody has judged; another attempt draws anew. */
export function drawTasks(attestation: string, next: Draws | null): readonly Task[] {
  if (next === null) return [];
  const { seed, size, draws } = next;
  return draws.map(({ draw: number, asset, sourceType, maker, date }) => ({
    ...{ key: `draw ${seed.slice(0, 16)} ${size} ${number} ${asset}`, asset },
    ...{ why: 'draw', noUse: null },
    draw: { attestation, number, says: { sourceType, maker, date } },
  }));
}

/** Returns what the node is to draft for a judgement, and what the draft has to say. */
export function wordsFor(
  task: Task,
  { outcome, rubric, evidence, note }: Judgement,
): { readonly words: Words; readonly expected: Expected } {
  const { asset, draw, statement = '' } = task;
  const about = { asset };
  const text = note.trim();
  const noted = text === '' ? {} : { note: text };
  const told = { about, note: text === '' ? undefined : text };
  if (isStop(task)) {
    // The form has these outcomes alone.
    const resolution = { of: [statement], outcome: outcome as StopOutcome };
    const words = { resolution, subject: { assets: [asset] }, ...noted };
    return { words, expected: { kind: 'resolution', ...told, body: resolution } };
  }
  const named = [...evidence].sort();
  const review = {
    ...{ asset, rubric, outcome: outcome as ReviewOutcome, hasNoStake: true, evidence: named },
    ...(draw === undefined ? {} : { draw: { attestation: draw.attestation, number: draw.number } }),
  };
  const body = { rubric, outcome, conflict: 'none', evidence: named };
  const whole = draw === undefined ? { ...body, sample: null } : body;
  return { words: { review, ...noted }, expected: { kind: 'review', ...told, body: whole } };
}
