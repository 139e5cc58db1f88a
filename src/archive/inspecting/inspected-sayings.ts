import type { Cid } from '../../core/cid.ts';
import { erasuresOf } from '../../core/policy/abstraction/erased.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { captureSayings } from './capture-of.ts';
import { findingSaying } from './finding-of.ts';
import { ingredientSayings, type Together } from './ingredient-sayings.ts';
import { reservationSayings } from './reservations-of.ts';

/**
 * Returns what is to be stated of fresh findings: the findings, and what they come to by themselves. Where
 * texts out of the same bytes were erased, they are not written down once more.
 */
export function inspectedSayings(
  asset: Cid,
  findings: readonly Finding[],
  facts: AssetFacts | undefined,
  at: string,
  parts: Pick<Archive, 'ledger' | 'catalog' | 'randomBytes' | 'sha256'>,
  together?: Together,
): readonly Saying[] {
  const told = isErased(facts) ? findings.map((one) => ({ ...one, raw: [] })) : findings;
  const saying = findingSaying(asset, told, at, parts);
  const record = saying.records?.[0]?.cid ?? null;
  return [
    saying,
    ...captureSayings(asset, findings, facts, at, parts),
    ...ingredientSayings(asset, findings, at, parts, together),
    ...reservationSayings(findings, record, { asset, facts, at }),
  ];
}

/** Says whether the texts of an earlier finding were erased by whoever may. */
function isErased(facts: AssetFacts | undefined): boolean {
  if (facts === undefined || factsOf(facts, 'erasure').length === 0) return false;
  return factsOf(facts, 'finding').some(
    ({ author, body }) => body.record !== null && erasuresOf(body.record, author, facts).length > 0,
  );
}
