import type { Ledger } from '../../src/core/ports/ledger.ts';

/** Counts the entries of a running node that somebody asked for: its checkpoints come some time after what calls for them. */
export async function entriesSaid(ledger: Pick<Ledger, 'arrivals'>): Promise<number> {
  const arrivals = await Array.fromAsync(ledger.arrivals(0));
  return arrivals.filter(
    ({ standing }) => !standing.some(({ statement }) => statement.kind === 'checkpoint'),
  ).length;
}
