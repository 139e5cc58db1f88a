import type { Objection } from '../../core/ports/objections.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import { isOpenStop } from '../judging/list-stops.ts';
import { stop } from '../judging/stop.ts';
import { oneAsset, stateAbout } from '../state-about.ts';

/** What stops an asset for an objection: nobody answered it in time, or a steward upheld it. */
type ObjectionStop = 'hold' | 'dispute';

/** Holds the asset of an objection once, whoever else has ended that since; returns the hold. */
export async function holdFor(objection: Objection, archive: Archive): Promise<StatementId> {
  const [known] = stopsFor(objection, 'hold', archive);
  if (known !== undefined) return known;
  const reason = reasonOf(objection, 'hold');
  return stopBy(objection, { kind: 'hold', reason, source: 'community', deadline: null }, archive);
}

/** Has the asset of an objection in dispute, which takes the place of a hold; returns the dispute. */
export async function disputeFor(objection: Objection, archive: Archive): Promise<StatementId> {
  const [known] = openFor(objection, 'dispute', archive);
  const reason = reasonOf(objection, 'dispute');
  const words = { kind: 'dispute', reason, by: 'outsider', against: [] as string[] } as const;
  const dispute = known ?? (await stopBy(objection, words, archive));
  await endFor(objection, openFor(objection, 'hold', archive), 'lifted', archive);
  return dispute;
}

/**
 * Ends what stops the asset for an objection; returns what stops it all the same. A dispute about a work that
 * this organisation deposited is for others to end.
 */
export async function endStopsFor(
  objection: Objection,
  archive: Archive,
): Promise<StatementId | null> {
  const open = () => [
    ...openFor(objection, 'dispute', archive),
    ...openFor(objection, 'hold', archive),
  ];
  await endFor(objection, open(), 'dismissed', archive);
  return open()[0] ?? null;
}

/** Names the objection, so that a node that was killed in the middle finds what it has said. */
function reasonOf({ id, reason }: Objection, kind: ObjectionStop): string {
  return kind === 'hold' ? `objection-unanswered:${id}` : `${reason}:${id}`;
}

function openFor(
  objection: Objection,
  kind: ObjectionStop,
  archive: Archive,
): readonly StatementId[] {
  return stopsFor(objection, kind, archive).filter((id) =>
    isOpenStop(id, objection.asset, archive),
  );
}

function stopsFor(
  objection: Objection,
  kind: ObjectionStop,
  { catalog, ledger }: Pick<Archive, 'catalog' | 'ledger'>,
): readonly StatementId[] {
  const facts = catalog.facts(objection.asset);
  if (facts === undefined) return [];
  const reason = reasonOf(objection, kind);
  return factsOf(facts, kind)
    .filter((fact) => fact.organisation === ledger.self.organisation && fact.body.reason === reason)
    .map((fact) => fact.id);
}

async function stopBy(
  { asset }: Objection,
  words: Parameters<typeof stop>[0],
  archive: Archive,
): Promise<StatementId> {
  return (await stop(words, { subject: oneAsset(asset), note: undefined }, archive)).id;
}

async function endFor(
  { asset }: Objection,
  of: readonly StatementId[],
  outcome: 'lifted' | 'dismissed',
  archive: Archive,
): Promise<void> {
  if (of.length === 0) return;
  const ended = { of: [...of].sort(), outcome, record: null };
  await stateAbout('resolution', () => ended, { subject: oneAsset(asset) }, archive);
}
