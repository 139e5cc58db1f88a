import { z } from 'zod';
import type { Cid } from '../core/cid.ts';
import type { Finding } from '../core/ports/inspector.ts';
import { type AssetFacts, factsOf } from '../core/provenance/facts.ts';
import { strictest } from '../core/reservations/signal.ts';
import { code } from '../core/statements/fields.ts';
import type { BodyOf } from '../core/statements/kinds.ts';
import { reservation } from '../core/statements/rights-kinds.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Saying } from './append-all.ts';

const signals = z.array(z.object({ protocol: code, values: reservation.shape.values }));

/**
 * Returns what the file itself reserves, as the inspector `reservations` saw it: one statement per protocol,
 * with the strictest of what its carriers say for each purpose, unless the same is stated already. A consent of the makers can take the place
 * of such a statement; a finding it could not.
 */
export function reservationSayings(
  asset: Cid,
  findings: readonly Finding[],
  facts: AssetFacts | undefined,
  at: string,
  /** The record in which the raw text of the findings is kept. */
  record: Cid | null,
): readonly Saying[] {
  const finding = findings.find(({ inspector }) => inspector === 'reservations');
  const read = signals.safeParse(finding?.facts['signals'] ?? []);
  if (!read.success) return [];
  const stated = new Set(
    (facts === undefined ? [] : factsOf(facts, 'reservation')).map(({ body }) => contentOf(body)),
  );
  return [...Map.groupBy(read.data, ({ protocol }) => protocol)].flatMap(([protocol, said]) => {
    const values = strictest(said.map((signal) => signal.values));
    const body = { protocol, values, observedAt: at, by: 'file' as const, record };
    if (stated.has(contentOf(body))) return [];
    return [{ statement: createStatement('reservation', { asset }, at, body) }];
  });
}

function contentOf({ protocol, values, by }: BodyOf<'reservation'>): string {
  return JSON.stringify([protocol, by, strictest([values])]);
}
