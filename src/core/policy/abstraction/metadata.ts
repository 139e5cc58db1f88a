import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import { dayOf } from '../days.ts';
import type { Ref } from '../input.ts';
import { type OriginClass, parseSourceType } from '../source-types.ts';
import type { Found } from './findings.ts';
import type { Reading } from './reading.ts';

type ReadFinding = Found['finding'];

/** What makers may be out by, since dates inside files have no time zone and clocks are set wrong. */
const TOLERANCE_DAYS = 1;

const DAY = /^\d{4}-\d\d-\d\d/;

/** Inspectors that say when, by what device and with what program a file says it was made. */
const INSPECTORS: ReadonlySet<string> = new Set(['metadata', 'deep-metadata']);

/**
 * Class M (policy.md §2): findings of these inspectors that name a date together with a device
 * or a program, as the declarations would have it, where nothing in the bytes contradicts anything.
 *
 * A date after the deposit contradicts: the inspector knows no clock, so it is held against the deposit
 * here. One contradiction in any finding that stands, and none of them counts.
 */
export function metadataOf(
  { facts, found: all, numbering, isContradicted }: Reading,
  declarations: readonly Fact<'declaration'>[],
): readonly Ref[] {
  const found = all.filter(
    ({ finding }) => INSPECTORS.has(finding.inspector) && finding.outcome === 'found',
  );
  const deposited = firstDeposit(facts);
  if (found.some(({ finding }) => contradicts(finding, deposited))) return [];
  const counting = found.filter(
    ({ fact, finding }) =>
      !isContradicted(fact.id) &&
      daysOf(finding).length > 0 &&
      declarations.some(({ body }) => supports(finding, body.digitalSourceType ?? '')),
  );
  return numbering.refs([...new Set(counting.map(({ fact }) => fact))]);
}

function contradicts(finding: ReadFinding, deposited: number): boolean {
  const stated = finding.facts['contradictions'];
  if (!Array.isArray(stated) || stated.length > 0) return true;
  return daysOf(finding).some((day) => day > deposited + TOLERANCE_DAYS);
}

/** The days that can be read. Times are left out: without a zone they depend on where they are read. */
function daysOf({ facts }: ReadFinding): readonly number[] {
  const stated = [facts['captured'], facts['created'], facts['modified']];
  return stated.flatMap((date) => {
    const [day] = (typeof date === 'string' ? DAY.exec(date) : null) ?? [];
    return day === undefined || Number.isNaN(Date.parse(day)) ? [] : [dayOf(day)];
  });
}

function firstDeposit(facts: AssetFacts): number {
  return Math.min(...factsOf(facts, 'deposit').map(({ at }) => dayOf(at)));
}

/** A photograph has a device, a scan has a device or a program, anything else has a program. */
function supports({ facts }: ReadFinding, declared: string): boolean {
  const hasDevice = typeof facts['device'] === 'object' && facts['device'] !== null;
  const hasSoftware = Array.isArray(facts['software']) && facts['software'].length > 0;
  const origin: OriginClass = parseSourceType(declared)?.class ?? 'UNKNOWN';
  if (origin === 'HUMAN_CAPTURE') return hasDevice;
  return hasSoftware || (origin === 'HUMAN_DIGITISED' && hasDevice);
}
