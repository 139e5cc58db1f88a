import type { Did } from '../entries/did-key.ts';
import { newestOf } from '../provenance/age.ts';
import { type AssetFacts, type Fact, factsOf } from '../provenance/facts.ts';
import { standingProofs } from '../provenance/standing-proofs.ts';
import type { EntryHash } from '../statements/fields.ts';

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
 * Returns what was said last about a node's copy, by the rule by which R1 counts copies
 * ({@link standingProofs}). Says when to look again.
 */
export function lastProof(
  facts: AssetFacts,
  node: Did,
  isAncestor: (ancestor: EntryHash, entry: EntryHash) => boolean,
): LastProof {
  const holdings = factsOf(facts, 'holding').filter(({ body }) => body.holder === node);
  const own = factsOf(facts, 'fixity').filter(({ author }) => author === node);
  const isWhole = ({ body }: Fact<'fixity'>) => WHOLE.has(body.outcome);
  const deposits = factsOf(facts, 'deposit').filter(({ author }) => author === node);
  const passed = holdings.filter(
    ({ author, body }) => body.outcome === 'proven' && author !== node,
  );
  const renewed = own.filter(isWhole);
  const failed = holdings.filter(({ body }) => body.outcome !== 'proven');
  const lost = own.filter((fact) => !isWhole(fact));
  const isBefore = (a: Said, b: Said) => a.clock < b.clock && isAncestor(a.entry, b.entry);
  const proof = newestOf(
    standingProofs<Said>({ deposits, passed, renewed, failed, lost }, isBefore),
  );
  if (proof !== undefined) return { state: 'proven', at: proof.at };
  const refusal = newestOf<Said>([...failed, ...lost]);
  // Where nothing was ever shown, what the node has found itself since leaves nothing to mend.
  const isShown = deposits.length + passed.length > 0;
  const isMended = !isShown && newestOf<Said>([...renewed, ...lost])?.id !== refusal?.id;
  return refusal === undefined || isMended ? NONE : { state: 'lost', at: refusal.at };
}

const WHOLE: ReadonlySet<string> = new Set(['intact', 'repaired']);
