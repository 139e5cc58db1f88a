import type { match as shown } from '../archive/operations/answers/match.ts';
import type { Described } from '../archive/operations/operation.ts';
import { printable } from './printable.ts';

/** Yields a match for people: how much the codes differ, both sides, and what holds it. */
export function* matchLines(match: Described<typeof shown>): Iterable<string> {
  const bits = Object.entries(match.distances).map(([code, bits]) => `${code} ${bits}`);
  yield `${match.likeness}, bits of 256 that differ: ${bits.join(', ')}`;
  yield `  deposited   ${match.deposited}  ${printable(match.title)}`;
  yield `  registered  ${match.registered}  ${printable(match.generators.join(', '))}`;
  yield `  ${match.hold === undefined ? 'not held' : `held by ${match.hold}`}`;
}
