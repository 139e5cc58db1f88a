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
  const newer = all.filter(({ finding }) => finding.version > 1 && isRead({ finding }));
  return all.filter((one) => !newer.some((other) => isSuperseded(one, other, context)));
}

function isSuperseded(one: Found, other: Found, context: FactContext): boolean {
  return (
    other.finding.inspector === one.finding.inspector &&
    other.finding.version > one.finding.version &&
    other.fact.organisation === one.fact.organisation &&
    isBefore(one.fact, other.fact, context)
  );
}

/**
 * Says whether an inspector has run: it could read the asset, and whoever could not read it with this
 * version or a newer one was heard before. Of two that did not know of each other the stricter wins.
 */
export function isReadable(one: Found, all: readonly Found[], context: FactContext): boolean {
  return (
    isRead(one) &&
    all.every(
      (other) =>
        isRead(other) ||
        other.finding.inspector !== one.finding.inspector ||
        other.finding.version < one.finding.version ||
        isBefore(other.fact, one.fact, context),
    )
  );
}

function isRead({ finding }: Pick<Found, 'finding'>): boolean {
  return finding.outcome !== 'unreadable';
}
