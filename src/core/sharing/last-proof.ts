import type { Did } from '../entries/did-key.ts';
import { newestOf } from '../provenance/age.ts';
import { type AssetFacts, type Fact, factsOf } from '../provenance/facts.ts';

/** What the ledger says last about a node's copy of an asset. */
export interface LastProof {
  /** `none`: nothing was ever shown. `lost`: it failed, or its own check found it damaged. */
  readonly state: 'none' | 'proven' | 'lost';
  /** When that was said; empty for `none`. */
  readonly at: string;
}

const NONE: LastProof = { state: 'none', at: '' };

type Said = Fact<'deposit'> | Fact<'holding'> | Fact<'fixity'>;

/**
 * Returns what was said last about a node's copy, an ancestor before its descendants. Says when to look
 * again; whether a copy counts is decided by R1 (`policy/abstraction/copies.ts`).
 */
export function lastProof(facts: AssetFacts, node: Did): LastProof {
  const holdings = factsOf(facts, 'holding').filter(({ body }) => body.holder === node);
  const passed = holdings.filter(({ author, body }) => {
    return body.outcome === 'proven' && author !== node;
  });
  const shown = [...factsOf(facts, 'deposit').filter(({ author }) => author === node), ...passed];
  const own = factsOf(facts, 'fixity').filter(({ author }) => author === node);
  const isWhole = ({ body }: Fact<'fixity'>) => WHOLE.has(body.outcome);
  const failed = holdings.filter(({ body }) => body.outcome !== 'proven');
  const lost: readonly Said[] = [...failed, ...own.filter((fact) => !isWhole(fact))];
  const newest = newestOf<Said>([...shown, ...own.filter(isWhole), ...lost]);
  if (newest === undefined) return NONE;
  const challenge = newestOf([...passed, ...failed]);
  const isFailed = challenge !== undefined && failed.includes(challenge);
  // Its own word undoes what it said itself, never a challenge that it failed.
  if (isFailed || lost.includes(newest)) return { state: 'lost', at: newest.at };
  // Its own word renews what others have seen, and never makes a copy.
  return shown.length === 0 ? NONE : { state: 'proven', at: newest.at };
}

const WHOLE: ReadonlySet<string> = new Set(['intact', 'repaired']);
