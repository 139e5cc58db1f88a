import { LEVELS } from '../documents.ts';
import type { ShownLevel } from '../evidence-level.ts';
import { defectBound } from '../sampling/draws.ts';
import { type Case, fails, type Outcome, passes } from './outcome.ts';

/** R8: is enough shown for human making? */
export function evidenceRule({ question }: Case, shown: ShownLevel): Outcome {
  const { floor } = question.policy;
  const notes = [
    ...(shown.isSelfVetted ? ['by an institution that only its own steward has vetted'] : []),
    ...(shown.sample === null ? [] : [sampleWords(shown.sample)]),
  ];
  const level = [`${shown.level} (${LEVEL_WORDS[shown.level]})`, ...notes].join(', ');
  if (LEVELS.indexOf(shown.level) >= LEVELS.indexOf(floor)) {
    return passes(`Shown: level ${level}; the policy asks for ${floor}.`, shown.refs);
  }
  const nothing = shown.level === 'H0' ? ' This says nothing against its maker.' : '';
  return fails(
    'E_EVIDENCE',
    `Not yet shown: level ${level}; the policy asks for ${floor}.${nothing}`,
    shown.refs,
  );
}

function sampleWords({ size, isWhole }: NonNullable<ShownLevel['sample']>): string {
  if (isWhole) return `by looking at all ${size} of a set`;
  return `by sample, n = ${size}, ≤ ${defectBound(size)} % at 95 %`;
}

export const LEVEL_WORDS = {
  H0: 'unknown',
  H1: 'declared',
  H2: 'corroborated',
  H3: 'evidenced',
  H4: 'verified',
  H5: 'independent',
} as const;
