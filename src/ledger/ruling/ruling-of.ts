import type { Did } from '../../core/entries/did-key.ts';
import type { Governance } from '../../core/entries/governance/fold.ts';
import type { Judgement } from '../../core/entries/judge.ts';
import type { Ruling } from '../writing/write-entry.ts';

/** Returns what is noted of a governance entry, by the judgement on its one statement. */
export function rulingOf(author: Did, past: Governance, [judgement]: readonly Judgement[]): Ruling {
  const member = past.titleOf(author)?.id ?? null;
  if (judgement?.outcome === 'standing') return { member, problem: null };
  return {
    member,
    problem: judgement?.outcome === 'void' ? judgement.reason : 'its kind is not known',
  };
}
