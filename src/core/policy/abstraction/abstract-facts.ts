import type { Cid } from '../../cid.ts';
import { type AssetFacts, type AssetKind, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { DecisionInput } from '../input.ts';
import { consentsOf } from './consents.ts';
import { copiesOf } from './copies.ts';
import type { FactContext } from './fact-context.ts';
import { derivationsOf, mastersOf, registrationsOf, untoldOf } from './lineage.ts';
import { ordered } from './order.ts';
import { inspectionsOf, originsOf } from './origins.ts';
import { evidenceOf } from './proofs.ts';
import { readingOf } from './reading.ts';
import { depositsOf, reservationsOf } from './rights.ts';
import { flagsOf, stopsOf } from './stops.ts';

/** The facts of one asset, split into what a verdict depends on and what only names things. */
export interface Abstraction {
  readonly input: DecisionInput;
  /** The statements that the input's numbers stand for. */
  readonly refs: readonly StatementId[];
  /** For each derivation of the input, the way from the parent to where its taint comes from. */
  readonly paths: readonly (readonly Cid[])[];
}

/**
 * Returns everything that `decide` uses of an asset's facts.
 *
 * Who may say what, what ended what, and which of two conflicting statements came first are settled
 * here. The order in which statements arrived never matters.
 */
export function abstractFacts(facts: AssetFacts, context: FactContext): Abstraction {
  const reading = readingOf(facts, context);
  const { numbering, contradictions } = reading;
  const deposits = depositsOf(reading);
  const inspections = inspectionsOf(reading);
  const origins = originsOf(reading);
  const evidence = evidenceOf(reading);
  const { copies, losses } = copiesOf(reading);
  const { derivations, paths } = derivationsOf(reading);
  const masters = mastersOf(reading);
  const parts = {
    stops: stopsOf(reading),
    flags: flagsOf(reading),
    consents: consentsOf(reading),
    reservations: reservationsOf(reading),
    registrations: registrationsOf(reading),
    contradictions: numbering.refs(contradictions),
    untold: untoldOf(reading),
  };
  numbering.refs(ordered(everythingSaid(facts), ({ witnesses }) => witnesses.join()));
  const input: DecisionInput = {
    unknown: numbering.refs(facts.unknown),
    deposits,
    isConsistent: isConsistent(facts),
    media: mediaOf(facts),
    witnesses: numbering.witnesses,
    inspections,
    copies,
    losses,
    ...parts,
    origins,
    ...evidence,
    derivations,
    masters,
  };
  return { input, refs: numbering.ids, paths };
}

/**
 * Returns the one text of an input. Assets with the same text get the same answer to every question:
 * they are one decision class.
 */
export function decisionKey(input: DecisionInput): string {
  return JSON.stringify(input);
}

/**
 * What R0 asks witnesses of: everything, also what does not count. What takes away some statement that
 * nobody has witnessed yet must not make an answer better.
 */
function everythingSaid({ known }: AssetFacts): Pick<Fact<AssetKind>, 'id' | 'witnesses'>[] {
  const said: Pick<Fact<AssetKind>, 'id' | 'witnesses'>[] = [];
  for (const [kind, facts] of Object.entries(known)) {
    if (!OF_COPIES.has(kind)) for (const fact of facts) said.push(fact);
  }
  return said;
}

/** Proofs of copies are made all the time, and releases and acknowledgements say nothing of the asset. */
const OF_COPIES: ReadonlySet<string> = new Set<AssetKind>([
  'holding',
  'fixity',
  'release',
  'acknowledgement',
]);

function isConsistent(facts: AssetFacts): boolean {
  const [first, ...others] = factsOf(facts, 'deposit');
  return others.every(
    ({ body }) => body.size === first?.body.size && body.sha256 === first.body.sha256,
  );
}

function mediaOf(facts: AssetFacts): readonly string[] {
  const types = [...factsOf(facts, 'deposit'), ...factsOf(facts, 'description')];
  const media = types.map(({ body }) => body.mediaType?.split('/')[0] ?? '');
  return [...new Set(media.filter((part) => part !== ''))].sort();
}
