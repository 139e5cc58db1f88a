import type { LineageView } from '../api/asset-queries.ts';

type Descent = LineageView['descents'][number];

/** A relative in a tree, and how it is tied to the one above it. */
export interface Branch {
  readonly cid: string;
  readonly how: readonly Pick<Descent, 'id' | 'relation' | 'recipe'>[];
  readonly below: readonly Branch[];
  /** It stands in the tree already, with what is below it. */
  readonly isAgain: boolean;
}

/** Returns what an asset was made from (`parent`), or what was made from it (`child`), as a tree. */
export function branchesOf(lineage: LineageView, towards: 'parent' | 'child'): readonly Branch[] {
  const from = towards === 'parent' ? 'child' : 'parent';
  const ties = Map.groupBy(lineage.descents, (descent) => descent[from]);
  const told = new Set([lineage.asset]);
  const below = (cid: string): readonly Branch[] =>
    [...Map.groupBy(ties.get(cid) ?? [], (descent) => descent[towards])].map(([next, how]) => {
      const isAgain = told.has(next);
      told.add(next);
      return { cid: next, how, isAgain, below: isAgain ? [] : below(next) };
    });
  return below(lineage.asset);
}
