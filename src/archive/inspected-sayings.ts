import type { Cid } from '../core/cid.ts';
import type { Finding } from '../core/ports/inspector.ts';
import type { AssetFacts } from '../core/provenance/facts.ts';
import type { Saying } from './append-all.ts';
import type { Archive } from './archive.ts';
import { captureSayings } from './capture-of.ts';
import { findingSaying } from './finding-of.ts';
import { reservationSayings } from './reservations-of.ts';

/** Returns what is to be stated of fresh findings: the findings, and what they come to by themselves. */
export function inspectedSayings(
  asset: Cid,
  findings: readonly Finding[],
  facts: AssetFacts | undefined,
  at: string,
  parts: Pick<Archive, 'ledger' | 'randomBytes' | 'sha256'>,
): readonly Saying[] {
  const saying = findingSaying(asset, findings, at, parts);
  const record = saying.records?.[0]?.cid ?? null;
  return [
    saying,
    ...captureSayings(asset, findings, facts, at, parts),
    ...reservationSayings(findings, record, { asset, facts, at }),
  ];
}
