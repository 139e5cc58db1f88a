import type { Cid } from '../cid.ts';

/** How much generated work an asset stems from (policy.md §4, standards.md §15). The greatest wins. */
export const TAINTS = ['CLEAN', 'UNKNOWN', 'MIXED', 'SYNTHETIC'] as const;
export type Taint = (typeof TAINTS)[number];

export type Relation =
  | 'derived-from'
  | 'composed-of'
  | 'generated-with-input'
  | 'generative-edit'
  | 'digitisation-of'
  | 'inspired-by';

/** What is known of an asset's taint, and the way from the asset to where it comes from. */
export interface KnownTaint {
  readonly taint: Taint;
  /** The asset first; empty where the taint is CLEAN. */
  readonly path: readonly Cid[];
}

/** An asset as {@link leastTaints} sees it. */
export interface TaintNode {
  /** What the asset's own facts say, see `ownTaint`. */
  readonly own: Taint;
  readonly edges: readonly TaintEdge[];
}

export interface TaintEdge {
  readonly parent: Cid;
  readonly relation: Relation;
}

export function joinTaints(a: Taint, b: Taint): Taint {
  return TAINTS.indexOf(a) < TAINTS.indexOf(b) ? b : a;
}

/** Returns what a work takes over from a parent of this taint through this relation. */
export function taintThrough(relation: Relation, parent: Taint): Taint {
  switch (relation) {
    case 'derived-from':
    case 'digitisation-of':
      return parent;
    case 'composed-of':
      return parent === 'SYNTHETIC' ? 'MIXED' : parent;
    case 'generated-with-input':
      return 'SYNTHETIC';
    case 'generative-edit':
      return joinTaints('MIXED', parent);
    case 'inspired-by':
      return 'CLEAN';
  }
}

/**
 * Returns the taint of these assets and of everything they were made from: the least one that
 * agrees with every derivation, so cycles are no difficulty. An asset that `read` does not know is
 * UNKNOWN. The result is the same whatever the order of assets and edges.
 */
export function leastTaints(
  assets: Iterable<Cid>,
  read: (asset: Cid) => TaintNode | undefined,
): ReadonlyMap<Cid, KnownTaint> {
  const nodes = ancestry(assets, read);
  const taints = new Map<Cid, Taint>();
  for (const [asset, node] of nodes) taints.set(asset, node.own);
  const children = childrenOf(nodes);
  const waiting = [...nodes.keys()];
  for (let asset = waiting.pop(); asset !== undefined; asset = waiting.pop()) {
    for (const { child, relation } of children.get(asset) ?? []) {
      const before = taintIn(taints, child);
      const after = joinTaints(before, taintThrough(relation, taintIn(taints, asset)));
      if (after === before) continue;
      taints.set(child, after);
      waiting.push(child);
    }
  }
  const known = new Map<Cid, KnownTaint>();
  for (const [asset, taint] of taints) {
    known.set(asset, { taint, path: taint === 'CLEAN' ? [] : shortestPath(asset, nodes, taints) });
  }
  return known;
}

function ancestry(
  assets: Iterable<Cid>,
  read: (asset: Cid) => TaintNode | undefined,
): Map<Cid, TaintNode> {
  const nodes = new Map<Cid, TaintNode>();
  const waiting = [...assets];
  for (let asset = waiting.pop(); asset !== undefined; asset = waiting.pop()) {
    if (nodes.has(asset)) continue;
    const node = read(asset) ?? { own: 'UNKNOWN', edges: [] };
    nodes.set(asset, node);
    for (const edge of node.edges) waiting.push(edge.parent);
  }
  return nodes;
}

function childrenOf(
  nodes: ReadonlyMap<Cid, TaintNode>,
): Map<Cid, { readonly child: Cid; readonly relation: Relation }[]> {
  const children = new Map<Cid, { readonly child: Cid; readonly relation: Relation }[]>();
  for (const [child, node] of nodes) {
    for (const { parent, relation } of node.edges) {
      const list = children.get(parent) ?? [];
      children.set(parent, list);
      list.push({ child, relation });
    }
  }
  return children;
}

/** Breadth first towards what explains the taint; of equally short ways the smallest CIDs. */
function shortestPath(
  asset: Cid,
  nodes: ReadonlyMap<Cid, TaintNode>,
  taints: ReadonlyMap<Cid, Taint>,
): readonly Cid[] {
  const cameFrom = new Map<Cid, Cid | null>([[asset, null]]);
  const queue: Cid[] = [asset];
  for (const here of queue) {
    const node = nodes.get(here);
    const taint = taintIn(taints, here);
    const sources = (node?.edges ?? []).filter(
      (edge) => taintThrough(edge.relation, taintIn(taints, edge.parent)) === taint,
    );
    const isSource =
      node === undefined ||
      node.own === taint ||
      sources.some((edge) => taintThrough(edge.relation, 'CLEAN') === taint);
    if (isSource) return wayTo(here, cameFrom);
    for (const { parent } of sources.sort((a, b) => (a.parent < b.parent ? -1 : 1))) {
      if (cameFrom.has(parent)) continue;
      cameFrom.set(parent, here);
      queue.push(parent);
    }
  }
  return [asset];
}

function wayTo(end: Cid, cameFrom: ReadonlyMap<Cid, Cid | null>): readonly Cid[] {
  const way: Cid[] = [];
  for (let step: Cid | null = end; step !== null; step = cameFrom.get(step) ?? null) way.push(step);
  return way.reverse();
}

function taintIn(taints: ReadonlyMap<Cid, Taint>, asset: Cid): Taint {
  return taints.get(asset) ?? 'UNKNOWN';
}
