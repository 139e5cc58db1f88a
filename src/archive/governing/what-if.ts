import { throwIfAborted } from '../../core/abort.ts';
import type { Policy } from '../../core/policy/documents.ts';
import type { Purpose, Requester } from '../../core/policy/purposes.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';

type Answer = 'eligible' | 'hold' | 'ineligible';

/** Assets whose verdict another policy would change in the same way, for the same reason. */
export interface VerdictChange {
  readonly from: Answer;
  readonly to: Answer;
  /** What stands against them under the new policy; for what becomes eligible, what stood before. */
  readonly rule: string;
  readonly code: string;
  readonly assets: number;
}

export interface WhatIf {
  /** Assets that were deposited or registered as generated. */
  readonly assets: number;
  readonly before: Readonly<Record<Answer, number>>;
  readonly after: Readonly<Record<Answer, number>>;
  readonly changes: readonly VerdictChange[];
}

/**
 * Returns what changes if one policy takes the place of another: counted over decision classes, so that a
 * million assets cost a few thousand decisions. Others get their turn in between. Nothing is stored.
 *
 * @throws {ArchiveError} `aborted`.
 */
export async function whatIf(
  asked: { readonly purpose: Purpose; readonly requester: Requester; readonly at: string },
  policies: { readonly before: Policy; readonly after: Policy },
  { catalog }: Pick<Archive, 'catalog'>,
  signal: AbortSignal,
): Promise<WhatIf> {
  const turn = takeTurns();
  const before = { eligible: 0, hold: 0, ineligible: 0 };
  const after = { ...before };
  const changes = new Map<string, VerdictChange>();
  let assets = 0;
  for (const one of catalog.compare({ ...asked, policy: policies.before }, policies.after)) {
    throwIfAborted(signal);
    await turn();
    assets += one.assets;
    before[one.before.verdict] += one.assets;
    after[one.after.verdict] += one.assets;
    if (one.before.verdict === one.after.verdict) continue;
    const { rule, code } = one.after.headline ?? one.before.headline ?? { rule: '', code: '' };
    const key = [one.before.verdict, one.after.verdict, rule, code].join(' ');
    const sum = one.assets + (changes.get(key)?.assets ?? 0);
    changes.set(key, { from: one.before.verdict, to: one.after.verdict, rule, code, assets: sum });
  }
  const byCount = (a: VerdictChange, b: VerdictChange) =>
    b.assets - a.assets || (`${a.to} ${a.code}` < `${b.to} ${b.code}` ? -1 : 1);
  return { assets, before, after, changes: [...changes.values()].sort(byCount) };
}
