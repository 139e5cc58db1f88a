import type { Cid } from '../../core/cid.ts';
import type { TrainingSummary } from '../../core/dataset/training-summary.ts';
import { everyMakerGrants } from '../../core/policy/grants.ts';
import type { Question } from '../../core/policy/question.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';

type Protocol = TrainingSummary['processing']['protocols'][number];

/** What the ledger says of an asset that a summary of training content asks for. */
export interface SaidOfAsset {
  /** When it was first deposited; undefined where no deposit stands. */
  readonly collected: string | undefined;
  readonly languages: ReadonlySet<string>;
  readonly sourceTypes: ReadonlySet<string>;
  readonly isInspected: boolean;
  readonly isRegistered: boolean;
  readonly reservations: readonly BodyOf<'reservation'>[];
}

/** What a reservation says of a purpose, as a summary counts it. */
export type ReservedAs = keyof Pick<Protocol, 'allowed' | 'conditional' | 'reserved' | 'silent'>;

export function saidOf(facts: AssetFacts, { ledger }: Pick<Archive, 'ledger'>): SaidOfAsset {
  const deposits = factsOf(facts, 'deposit');
  const inspections = factsOf(facts, 'finding').flatMap(({ body }) => body.findings);
  const stated = [...factsOf(facts, 'declaration'), ...factsOf(facts, 'custody')];
  const records = [...deposits, ...factsOf(facts, 'description')].map(({ body }) =>
    ledger.record(body.record),
  );
  return {
    collected: deposits.map(({ at }) => at).sort()[0],
    languages: new Set(
      records.flatMap((record) =>
        record?.type === 'deposit' && record.language !== '' ? [record.language.toLowerCase()] : [],
      ),
    ),
    sourceTypes: new Set(stated.flatMap(({ body }) => body.digitalSourceType ?? [])),
    isInspected: inspections.some(
      ({ inspector, outcome }) => inspector === 'reservations' && outcome !== 'unreadable',
    ),
    isRegistered: factsOf(facts, 'synthetic').length > 0,
    reservations: factsOf(facts, 'reservation').map(({ body }) => body),
  };
}

export function reservedAs(
  { values }: BodyOf<'reservation'>,
  { purpose }: Pick<Question, 'purpose'>,
): ReservedAs {
  const value = values[purpose];
  if (value === undefined) return 'silent';
  if (value === 'allow') return 'allowed';
  return value === 'deny' ? 'reserved' : 'conditional';
}

/**
 * Says whether an asset was in a release by the consent of all its named makers (rule R4 takes that before any
 * licence), whatever was withdrawn since.
 */
export function wasConsented(
  asset: Cid,
  facts: AssetFacts,
  question: Omit<Question, 'policy'>,
  { catalog }: Pick<Archive, 'catalog'>,
): boolean {
  if (factsOf(facts, 'consent').length === 0) return false;
  const input = catalog.abstraction(asset)?.input;
  if (input === undefined) return false;
  const consents = input.consents.map((one) => ({ ...one, withdrawnBy: [], replacedBy: [] }));
  return everyMakerGrants({ ...input, consents }, question, () => true).isGranted;
}
