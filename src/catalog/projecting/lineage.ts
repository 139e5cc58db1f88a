import type { Cid } from '../../core/cid.ts';
import { type Abstraction, abstractFacts } from '../../core/policy/abstraction/abstract-facts.ts';
import type { FactContext } from '../../core/policy/abstraction/fact-context.ts';
import { edgesOf, masterInput } from '../../core/policy/abstraction/lineage.ts';
import type { DecisionInput } from '../../core/policy/input.ts';
import { ownTaint } from '../../core/policy/origin.ts';
import { type KnownTaint, leastTaints, type TaintNode } from '../../core/policy/taint.ts';
import {
  ownWithholding,
  type WithheldNode,
  type Withholding,
  withheldAlong,
} from '../../core/policy/withholding.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';

/** What a verdict takes from the ledger, and from the catalog, besides facts and ancestry. */
export type LedgerContext = Pick<
  FactContext,
  'institutions' | 'credentialList' | 'sha256' | 'isAncestor' | 'attested'
>;

/**
 * Abstracts facts with what is known of the works an asset was made from. Remembers the works it has
 * seen, so that a thousand children of one parent cost one look at it.
 */
export class Lineage {
  readonly #context: LedgerContext;
  readonly #read: (asset: Cid) => AssetFacts | undefined;
  readonly #nodes = new Map<Cid, (TaintNode & WithheldNode) | undefined>();
  readonly #taints = new Map<Cid, KnownTaint>();
  readonly #withheld = new Map<Cid, readonly Withholding[]>();
  readonly #masters = new Map<Cid, DecisionInput | undefined>();

  constructor(context: LedgerContext, read: (asset: Cid) => AssetFacts | undefined) {
    this.#context = context;
    this.#read = read;
  }

  abstract(facts: AssetFacts): Abstraction {
    return abstractFacts(facts, {
      ...this.#context,
      taintOf: (parent) => this.taintOf(parent),
      masterOf: (parent) => this.masterOf(parent),
      withheldOf: (parent) => this.withheldOf(parent),
    });
  }

  /** Returns what an asset hands on to its renditions; undefined where it has nothing to hand on. */
  masterOf(asset: Cid): DecisionInput | undefined {
    if (!this.#masters.has(asset)) this.#masters.set(asset, this.#toMaster(asset));
    return this.#masters.get(asset);
  }

  /** Returns the least taint that agrees with every derivation the asset stems from. */
  taintOf(asset: Cid): KnownTaint | undefined {
    const known = this.#taints.get(asset);
    if (known !== undefined) return known;
    const found = leastTaints([asset], (cid) => this.#nodeOf(cid));
    for (const [cid, taint] of found) this.#taints.set(cid, taint);
    return found.get(asset);
  }

  /** Returns why an asset, or any that it comes from by renditions, is given to nobody. */
  withheldOf(asset: Cid): readonly Withholding[] {
    const known = this.#withheld.get(asset);
    if (known !== undefined) return known;
    const found = withheldAlong(asset, (cid) => this.#nodeOf(cid), this.#withheld);
    this.#withheld.set(asset, found);
    return found;
  }

  /** To be called when statements have been added: any work may have changed. */
  forget(): void {
    this.#nodes.clear();
    this.#taints.clear();
    this.#withheld.clear();
    this.#masters.clear();
  }

  #nodeOf(asset: Cid): (TaintNode & WithheldNode) | undefined {
    if (this.#nodes.has(asset)) return this.#nodes.get(asset);
    const facts = this.#read(asset);
    const node = facts === undefined ? undefined : this.#toNode(facts);
    this.#nodes.set(asset, node);
    return node;
  }

  /** Renditions hand on nothing, so it does not matter here what their own masters are. */
  #toMaster(asset: Cid): DecisionInput | undefined {
    const facts = this.#read(asset);
    if (facts === undefined) return undefined;
    const taintOf = (parent: Cid) => this.taintOf(parent);
    return masterInput(abstractFacts(facts, { ...this.#context, taintOf }).input);
  }

  /** What an asset's own facts say of it does not depend on what it was made from. */
  #toNode(facts: AssetFacts): TaintNode & WithheldNode {
    const { input } = abstractFacts(facts, { ...this.#context, taintOf: () => undefined });
    const masters = factsOf(facts, 'rendition').map(({ body }) => body.parent);
    return {
      ...{ own: ownTaint(input), edges: edgesOf(facts) },
      ...{ withheld: ownWithholding(input), masters },
    };
  }
}
