import type { Did } from '../entries/did-key.ts';
import { type AssetFacts, factsOf } from '../provenance/facts.ts';

/** What the ledger says last about a node's copy of an asset. */
export interface LastProof {
  /** `none`: nothing was ever shown. `lost`: it failed, or its own check found it damaged. */
  readonly state: 'none' | 'proven' | 'lost';
  /** When that was said; empty for `none`. */
  readonly at: string;
}

const NONE: LastProof = { state: 'none', at: '' };

/**
 * Returns what was said last about a node's copy, by the dates that the statements carry. Says when to
 * look again; whether a copy counts is decided by R1 (`policy/abstraction/copies.ts`), from ancestry.
 */
export function lastProof(facts: AssetFacts, node: Did): LastProof {
  const said: LastProof[] = [];
  for (const { author, at } of factsOf(facts, 'deposit')) {
    if (author === node) said.push({ state: 'proven', at });
  }
  for (const { author, at, body } of factsOf(facts, 'holding')) {
    if (body.holder !== node) continue;
    if (body.outcome !== 'proven') said.push({ state: 'lost', at });
    else if (author !== node) said.push({ state: 'proven', at });
  }
  const isProven = said.some(({ state }) => state === 'proven');
  for (const { author, at, body } of factsOf(facts, 'fixity')) {
    if (author !== node) continue;
    const isWhole = body.outcome === 'intact' || body.outcome === 'repaired';
    // Its own word renews what others have seen, and never makes a copy.
    if (!isWhole) said.push({ state: 'lost', at });
    else if (isProven) said.push({ state: 'proven', at });
  }
  return said.reduce(newer, NONE);
}

/** Of two words of one second, the worse one. */
function newer(one: LastProof, other: LastProof): LastProof {
  if (one.at !== other.at) return one.at < other.at ? other : one;
  return one.state === 'lost' ? one : other;
}
