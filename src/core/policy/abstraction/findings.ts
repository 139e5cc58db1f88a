import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { FactContext } from './fact-context.ts';
import { isBefore, ordered } from './order.ts';

/** What one inspector saw, and the statement that says so. */
export interface Found {
  readonly fact: Fact<'finding'>;
  readonly finding: Fact<'finding'>['body']['findings'][number];
}

/**
 * Returns what inspectors saw, statement by statement. Nobody can take back what another has found; an
 * organisation that has inspected again with a newer version of the inspector takes back its own.
 */
export function findingsOf(facts: AssetFacts, context: FactContext): readonly Found[] {
  const all = ordered(factsOf(facts, 'finding'), (fact) =>
    JSON.stringify(fact.body.findings),
  ).flatMap((fact) => fact.body.findings.map((finding) => ({ fact, finding })));
  const ownWord = ({ fact, finding }: Found) => `${fact.organisation} ${finding.inspector}`;
  const newer = Map.groupBy(
    all.filter(({ finding }) => finding.version > 1 && isRead({ finding })),
    ownWord,
  );
  return all.filter(
    (one) => newer.get(ownWord(one))?.some((other) => isNewer(other, one, context)) !== true,
  );
}

function isNewer(other: Found, one: Found, context: FactContext): boolean {
  return other.finding.version > one.finding.version && isBefore(one.fact, other.fact, context);
}

/**
 * Returns what tells whether an inspector has run: it could read the asset, and whoever could not read
 * it with this version or a newer one was heard before. Of two that did not know of each other the
 * stricter wins.
 */
export function readabilityIn(
  all: readonly Found[],
  context: FactContext,
): (one: Found) => boolean {
  const unread = Map.groupBy(
    all.filter((one) => !isRead(one)),
    ({ finding }) => finding.inspector,
  );
  const isHeardBefore = (other: Found, one: Found) =>
    other.finding.version < one.finding.version || isBefore(other.fact, one.fact, context);
  return (one) =>
    isRead(one) &&
    (unread.get(one.finding.inspector) ?? []).every((other) => isHeardBefore(other, one));
}

function isRead({ finding }: Pick<Found, 'finding'>): boolean {
  return finding.outcome !== 'unreadable';
}
