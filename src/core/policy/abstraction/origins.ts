import { type Fact, factsOf } from '../../provenance/facts.ts';
import type { InspectionInput, OriginInput } from '../input.ts';
import { ORIGIN_RANK } from '../origin.ts';
import { type OriginClass, parseSourceType } from '../source-types.ts';
import { attestationsOf } from './attestations.ts';
import { declarationCounts, vettedInstitutionOf } from './counting.ts';
import { type Found, readabilityIn } from './findings.ts';
import { ordered } from './order.ts';
import type { Reading } from './reading.ts';

type Claim = Fact<'declaration'> | Fact<'custody'> | Fact<'attestation'>;

const TERM_INSPECTORS: ReadonlySet<string> = new Set(['source-type', 'deep-metadata']);
const SCREEN_CAPTURE = 'http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture';

/** Returns what was inspected, by name, whether or not anything was found. */
export function inspectionsOf({ found, numbering, context }: Reading): readonly InspectionInput[] {
  const isReadable = readabilityIn(found, context);
  return found.map((one) => ({
    ref: numbering.ref(one.fact),
    inspector: one.finding.inspector,
    isReadable: isReadable(one),
  }));
}

/** Returns everything that says how the work came to be: its bytes first, then people. */
export function originsOf(reading: Reading): readonly OriginInput[] {
  const { facts, found, numbering, context, isContradicted } = reading;
  const origins: OriginInput[] = [];
  const depositors = new Set(factsOf(facts, 'deposit').map((fact) => fact.organisation));
  // Depositing the same bytes gives nobody a say over another's deposit.
  const isByDepositor = (fact: Claim) =>
    !fact.carried && depositors.size === 1 && depositors.has(fact.organisation);
  const addClaim = (from: OriginInput['from'], fact: Claim, uri: string, isCounted: boolean) => {
    const origin = claimedOrigin(fact, uri);
    origins.push({
      ref: numbering.ref(fact),
      from,
      origin: isCounted || isByDepositor(fact) ? origin : unverified(origin),
      isCounted,
      generator: null,
    });
  };
  const declarations = ordered(factsOf(facts, 'declaration'), declarationContent);
  const custodies = ordered(factsOf(facts, 'custody'), (fact) => fact.body.digitalSourceType);
  const isMixedByClaim = [...declarations, ...custodies].some(
    (fact) =>
      isByDepositor(fact) &&
      (fact.body.digitalSourceType === SCREEN_CAPTURE ||
        classOf(fact.body.digitalSourceType ?? '') === 'MIXED'),
  );
  for (const { fact, finding } of found) {
    origins.push(...bytesSay(finding, numbering.ref(fact), isMixedByClaim));
  }
  for (const fact of declarations) {
    const isCounted = declarationCounts(fact, reading) && !isContradicted(fact.id);
    const uri = fact.body.digitalSourceType;
    if (uri !== null || fact.body.generative === 'exceptions') {
      addClaim('declaration', fact, uri ?? '', isCounted);
    }
  }
  for (const fact of custodies) {
    const isCounted = vettedInstitutionOf(fact, context) !== undefined && !isContradicted(fact.id);
    addClaim('custody', fact, fact.body.digitalSourceType, isCounted);
  }
  for (const { fact, item, isCounted } of attestationsOf(reading)) {
    addClaim('attestation', fact, item.digitalSourceType, isCounted);
  }
  return origins;
}

/**
 * The restrictive side of one finding. A kind word in the bytes proves nothing and is left out.
 *
 * Generator traces in a file that its own depositor calls a screen capture or a mixed work are read
 * as MIXED: no generator made the whole.
 */
function bytesSay(finding: Found['finding'], ref: number, isMixedByClaim: boolean): OriginInput[] {
  if (finding.outcome !== 'found') return [];
  const signals: OriginInput[] = [];
  const add = (origin: OriginClass, generator: string | null) => {
    if (ORIGIN_RANK[origin] === 0) return;
    signals.push({ ref, from: 'bytes', origin, isCounted: false, generator });
  };
  if (finding.inspector === 'traces') {
    const generator = finding.facts['generator'];
    const isWhole = finding.facts['proves'] === 'generated' && !isMixedByClaim;
    if (typeof generator === 'string') add(isWhole ? 'SYNTHETIC' : 'MIXED', generator);
    else add('UNKNOWN', null);
  }
  const types = finding.facts['digitalSourceTypes'] ?? [];
  for (const type of Array.isArray(types) ? types : [types]) {
    add(typeof type === 'string' ? classOf(type) : 'UNKNOWN', null);
  }
  // Terms that nobody knows are counted by the inspectors of source types; their text may be personal.
  if (TERM_INSPECTORS.has(finding.inspector) && (finding.facts['unknown'] ?? 0) !== 0) {
    add('UNKNOWN', null);
  }
  return signals;
}

function claimedOrigin(fact: Claim, uri: string): OriginClass {
  const stated = uri === '' ? 'UNKNOWN' : classOf(uri);
  const hasExceptions = 'generative' in fact.body && fact.body.generative === 'exceptions';
  return hasExceptions && ORIGIN_RANK[stated] < ORIGIN_RANK.MIXED ? 'MIXED' : stated;
}

/** What somebody says of another's deposit leaves the origin open; it is no label. */
function unverified(origin: OriginClass): OriginClass {
  return ORIGIN_RANK[origin] === 0 ? origin : 'UNKNOWN';
}

function classOf(uri: string): OriginClass {
  return parseSourceType(uri)?.class ?? 'UNKNOWN';
}

function declarationContent({ body }: Fact<'declaration'>): string {
  return `${body.digitalSourceType} ${body.generative} ${body.identity?.method} ${body.makers.length}`;
}
