import type { Cid } from '../../core/cid.ts';
import { decisionKey } from '../../core/policy/abstraction/abstract-facts.ts';
import { assetStatus } from '../../core/provenance/asset-status.ts';
import type { AssetFacts } from '../../core/provenance/facts.ts';
import { reduceFacts } from '../../core/provenance/reduce.ts';
import type { FactReader } from '../facts/fact-reader.ts';
import type { SampleReader } from '../facts/sample-reader.ts';
import type { Pacer } from '../pacer.ts';
import type { AssetIds } from '../rows/asset-ids.ts';
import type { AssetRows } from '../rows/asset-rows.ts';
import { type ClassRows, classKey } from '../rows/class-rows.ts';
import type { EdgeRows } from '../rows/edge-rows.ts';
import type { SetRows } from '../rows/set-rows.ts';
import { shownAsset } from '../rows/shown-asset.ts';
import type { EntryWork, Touched } from './entry-work.ts';
import { type LedgerContext, Lineage } from './lineage.ts';
import type { Moves } from './moves.ts';

interface RefresherParts {
  readonly assets: AssetIds;
  readonly sets: SetRows;
  readonly rows: AssetRows;
  readonly classes: ClassRows;
  readonly edges: EdgeRows;
  readonly facts: FactReader;
  readonly moves: Moves;
}

/** An asset of which the entry says nothing itself, but a set it is in, or a work it stems from. */
type Reached = Pick<Touched, 'isDescribed' | 'deposits' | 'own'>;

const NO_DEPOSITS: ReadonlyMap<string, number> & Map<string, number> = new Map();

/**
 * Makes the rows of assets say what stands now: facts, abstracted, give the status and the decision
 * class. Whoever was made from an asset of which that changes what it hands on is looked at again.
 */
export class AssetRefresher {
  readonly #parts: RefresherParts;
  readonly #lineage: Lineage;
  readonly #organisation: string;
  readonly #samples: SampleReader;

  constructor(
    parts: RefresherParts,
    context: LedgerContext,
    organisation: string,
    samples: SampleReader,
  ) {
    this.#parts = parts;
    this.#organisation = organisation;
    this.#samples = samples;
    const attested: LedgerContext['attested'] = (id, asset) => samples.item(id, asset);
    this.#lineage = new Lineage({ ...context, attested }, (cid) => this.#factsOf(cid));
  }

  /** Refreshes all that an entry touched, after its statements have been stored. */
  async refresh(work: EntryWork, pacer: Pacer): Promise<void> {
    this.forget();
    const { assets, sets } = this.#parts;
    const children: number[] = [];
    for (const [id, touched] of work.assets) {
      children.push(...this.#show(id, touched.cid, touched, work));
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    for (const [set, isDescribed] of work.sets) {
      const member: Reached = { isDescribed, deposits: NO_DEPOSITS, own: undefined };
      for (const id of sets.members(set)) {
        const cid = work.assets.has(id) ? undefined : assets.cidOf(id);
        if (cid !== undefined) children.push(...this.#show(id, cid, member, work));
        const turn = pacer.tick();
        if (turn !== undefined) await turn;
      }
    }
    await this.#refreshChildren(children, work, pacer);
  }

  /** To be called when statements were stored or undone. */
  forget(): void {
    this.#parts.facts.forget();
    this.#lineage.forget();
    this.#samples.forget();
  }

  /** Taints are known for the whole entry before, so each asset passes on a change once at most. */
  async #refreshChildren(children: number[], work: EntryWork, pacer: Pacer): Promise<void> {
    const child: Reached = { isDescribed: false, deposits: NO_DEPOSITS, own: undefined };
    for (const id of children) {
      const cid = this.#parts.assets.cidOf(id);
      if (cid !== undefined) children.push(...this.#show(id, cid, child, work));
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
  }

  /** Returns the assets made from this one for which its change is news. */
  #show(id: number, cid: Cid, reached: Reached, work: EntryWork): readonly number[] {
    const { assets, sets, rows, classes, edges, moves } = this.#parts;
    const { isDescribed, deposits, own } = reached;
    const isNew = assets.isFresh(cid);
    const facts =
      own !== undefined && work.sets.size === 0
        ? reduceFacts(cid, [...this.#parts.facts.erasuresOf(own.known), ...own.known], own.unknown)
        : this.#parts.facts.facts({ id, cid });
    const { input } = this.#lineage.abstract(facts);
    const status = assetStatus(input) ?? null;
    const shown = shownAsset(facts, status, this.#organisation);
    const decidedBy = status === null ? null : classes.idOf(input);
    const { arrival, reread } = work;
    const news = { isNew, isDescribed, arrival, deposits, reread };
    const before = rows.write(id, cid, shown, decidedBy, news);
    moves.note({ asset: cid, before, after: decidedBy, arrival });
    if (!isNew && (isDescribed || before !== decidedBy)) sets.reshow(id);
    if (isNew) assets.settle(cid);
    return edges.update(id, () => this.#handedOn(cid));
  }

  #handedOn(cid: Cid): string {
    const taint = this.#lineage.taintOf(cid)?.taint ?? 'UNKNOWN';
    const master = this.#lineage.masterOf(cid);
    const inherited = master === undefined ? [] : [classKey(decisionKey(master))];
    return [taint, ...this.#lineage.withheldOf(cid), ...inherited].join(' ');
  }

  #factsOf(cid: Cid): AssetFacts | undefined {
    const id = this.#parts.assets.find(cid);
    return id === undefined ? undefined : this.#parts.facts.facts({ id, cid });
  }
}
