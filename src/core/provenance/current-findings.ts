import type { BodyOf } from '../statements/kinds.ts';
import { compareAge } from './age.ts';
import { type AssetFacts, factsOf } from './facts.ts';

type Finding = BodyOf<'finding'>['findings'][number];

/**
 * Returns what each inspector saw, one finding per inspector, sorted by its name: of the greatest
 * version, and among those the newest ({@link compareAge}).
 */
export function currentFindings(facts: AssetFacts): readonly Finding[] {
  const current = new Map<string, Finding>();
  for (const { body } of [...factsOf(facts, 'finding')].sort(compareAge)) {
    for (const finding of body.findings) {
      const earlier = current.get(finding.inspector);
      if (earlier === undefined || earlier.version <= finding.version) {
        current.set(finding.inspector, finding);
      }
    }
  }
  return [...current.values()].sort((a, b) => (a.inspector < b.inspector ? -1 : 1));
}
