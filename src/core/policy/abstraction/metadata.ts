import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { Ref } from '../input.ts';
import { type OriginClass, parseSourceType } from '../source-types.ts';
import type { Reading } from './reading.ts';

type ReadFinding = Fact<'finding'>['body']['findings'][number];

/** What makers may be out by, since dates inside files have no time zone and clocks are set wrong. */
const TOLERANCE_MS = 24 * 60 * 60 * 1000;

/**
 * Class M (policy.md §2): findings of the inspector `metadata` that name a date together with a device
 * or a program, as the declarations would have it, where nothing in the bytes contradicts anything.
 *
 * A date after the deposit contradicts: the inspector knows no clock, so it is held against the deposit
 * here. One contradiction in any finding, of whatever version, and none of them counts.
 */
export function metadataOf(
  { facts, numbering, isContradicted }: Reading,
  declarations: readonly Fact<'declaration'>[],
): readonly Ref[] {
  const found = factsOf(facts, 'finding').flatMap((fact) =>
    fact.body.findings
      .filter(({ inspector, outcome }) => inspector === 'metadata' && outcome === 'found')
      .map((finding) => ({ fact, finding })),
  );
  const deposited = firstDeposit(facts);
  if (found.some(({ finding }) => contradicts(finding, deposited))) return [];
  const counting = found.filter(
    ({ fact, finding }) =>
      !isContradicted(fact.id) &&
      datesOf(finding).length > 0 &&
      declarations.some(({ body }) => supports(finding, body.digitalSourceType ?? '')),
  );
  return numbering.refs([...new Set(counting.map(({ fact }) => fact))]);
}

function contradicts(finding: ReadFinding, deposited: number): boolean {
  const stated = finding.facts['contradictions'];
  if (!Array.isArray(stated) || stated.length > 0) return true;
  return datesOf(finding).some((date) => date > deposited + TOLERANCE_MS);
}

/** The dates that can be read; each begins with a day or a whole point in time. */
function datesOf({ facts }: ReadFinding): readonly number[] {
  const stated = [facts['captured'], facts['created'], facts['modified']];
  const times = stated.map((date) => (typeof date === 'string' ? Date.parse(date) : Number.NaN));
  return times.filter((time) => !Number.isNaN(time));
}

function firstDeposit(facts: AssetFacts): number {
  return Math.min(...factsOf(facts, 'deposit').map(({ at }) => Date.parse(at)));
}

/** A photograph has a device, a scan has a device or a program, anything else has a program. */
function supports({ facts }: ReadFinding, declared: string): boolean {
  const hasDevice = typeof facts['device'] === 'object' && facts['device'] !== null;
  const hasSoftware = Array.isArray(facts['software']) && facts['software'].length > 0;
  const origin: OriginClass = parseSourceType(declared)?.class ?? 'UNKNOWN';
  if (origin === 'HUMAN_CAPTURE') return hasDevice;
  return hasSoftware || (origin === 'HUMAN_DIGITISED' && hasDevice);
}
