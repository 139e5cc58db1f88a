import type { Cid } from '../../core/cid.ts';
import { isMakerKeyRubric } from '../../core/policy/maker-keys.ts';
import { factsOf, type StandingStatement } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { isOpenStop } from './list-stops.ts';

/** Why an asset waits for a reviewer, the most pressing first. */
export const WAITING = ['dispute', 'hold', 'evidence'] as const;

/** Why this home's organisation is of no use to it; null where it is. */
export type NoUse = 'own-deposit' | 'own-review' | null;

/** An asset that somebody has to look at. */
export interface Waiting {
  readonly why: (typeof WAITING)[number];
  readonly asset: Cid;
  readonly title: string;
  readonly mediaType: string;
  /** The statement that is to be answered, or the evidence that is to be judged. */
  readonly statement: StatementId;
  readonly at: string;
  /** Reviews of the asset so far, by organisations. */
  readonly reviews: number;
  readonly noUse: NoUse;
}

type Parts = Pick<Archive, 'ledger' | 'catalog'>;

/**
 * Returns a page of what waits for a reviewer: open disputes and holds, then evidence that fewer than two
 * organisations have judged. Each asset is there once for each reason. Reads what was said of these kinds,
 * however many assets there are.
 */
export async function reviewQueue(
  { limit, cursor }: { readonly limit: number; readonly cursor: number },
  parts: Parts,
): Promise<{ readonly waiting: readonly Waiting[]; readonly cursor: number | null }> {
  const waiting: Waiting[] = [];
  let place = 0;
  for await (const one of waitingIn(parts)) {
    place += 1;
    if (place <= cursor) continue;
    if (waiting.length === limit) return { waiting, cursor: place - 1 };
    waiting.push(one);
  }
  return { waiting, cursor: null };
}

async function* waitingIn(parts: Parts): AsyncGenerator<Waiting> {
  const seen = new Set<string>();
  const turn = takeTurns();
  for (const why of WAITING) {
    for (const said of parts.catalog.said(why)) {
      await turn();
      const { about, kind, body } = said.statement;
      if (about === null || !('asset' in about)) continue;
      if (kind === 'evidence' && body.outcome !== 'shown') continue;
      const key = `${why} ${about.asset}`;
      if (seen.has(key)) continue;
      const one = waitingFor(why, about.asset, said, parts);
      if (one === undefined) continue;
      seen.add(key);
      yield one;
    }
  }
}

function waitingFor(
  why: Waiting['why'],
  asset: Cid,
  { id, statement }: StandingStatement,
  { ledger, catalog }: Parts,
): Waiting | undefined {
  const facts = catalog.facts(asset);
  const view = catalog.asset(asset);
  if (facts === undefined || view === undefined || view.status === 'removed') return undefined;
  const own = ledger.self.organisation;
  const reviewers = new Set(
    factsOf(facts, 'review')
      .filter(({ body }) => isOfWork(body))
      .map((review) => review.organisation),
  );
  if (why === 'evidence' ? reviewers.size > 1 : !isOpenStop(id, asset, { catalog }))
    return undefined;
  const deposits = factsOf(facts, 'deposit');
  const isOwn = deposits.some((deposit) => deposit.organisation === own);
  const noUse =
    why !== 'evidence' ? null : isOwn ? 'own-deposit' : reviewers.has(own) ? 'own-review' : null;
  const { title, mediaType } = view;
  const at = statement.at;
  return { why, asset, title, mediaType, statement: id, at, reviews: reviewers.size, noUse };
}

/** Says whether a review is of a work itself: not of whose a key is, and no draw of a sample. */
function isOfWork({ rubric, sample }: BodyOf<'review'>): boolean {
  return sample === null && !isMakerKeyRubric(rubric);
}

/** How often organisations that looked at the same asset saw the same. */
export interface Agreement {
  /** Reviews of this home's organisation. */
  readonly own: number;
  /** Assets that several organisations have reviewed, draws of samples left aside. */
  readonly several: number;
  /** Of these, assets on which all of them came to the same. */
  readonly agreed: number;
}

/** Counts over all standing reviews. */
export async function agreementOf({ ledger, catalog }: Parts): Promise<Agreement> {
  const byAsset = new Map<Cid, Map<string, string>>();
  let own = 0;
  const turn = takeTurns();
  for (const { organisation, statement } of catalog.said('review')) {
    await turn();
    const { about } = statement;
    if (statement.kind !== 'review' || about === null || !('asset' in about)) continue;
    if (isMakerKeyRubric(statement.body.rubric)) continue;
    if (organisation === ledger.self.organisation) own += 1;
    if (!isOfWork(statement.body)) continue;
    const outcomes = byAsset.get(about.asset) ?? new Map<string, string>();
    byAsset.set(about.asset, outcomes.set(organisation, statement.body.outcome));
  }
  const several = [...byAsset.values()].filter((outcomes) => outcomes.size > 1);
  const agreed = several.filter((outcomes) => new Set(outcomes.values()).size === 1);
  return { own, several: several.length, agreed: agreed.length };
}
