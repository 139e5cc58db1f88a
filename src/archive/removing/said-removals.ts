import type { Cid } from '../../core/cid.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import {
  type Approvers,
  approvedFrom,
  type SaidRemoval,
} from '../../core/provenance/removal-approval.ts';
import type { Role } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';

/** A removal that was asked for, with every statement that confirms it. */
export interface AskedRemoval extends SaidRemoval {
  readonly organisation: string;
  readonly reason: string;
  readonly confirmations: readonly (SaidRemoval & { readonly organisation: string })[];
}

/** Returns the removals that were asked for and stand, oldest arrival first. */
export function askedRemovals({ catalog }: Pick<Archive, 'catalog'>): readonly AskedRemoval[] {
  const said = [...catalog.said('removal')].flatMap(readRemoval);
  const confirming = Map.groupBy(said, ({ confirms }) => confirms);
  return (confirming.get(null) ?? []).map((one) => ({
    ...one,
    confirmations: confirming.get(one.id) ?? [],
  }));
}

function readRemoval({ id, author, organisation, statement }: StandingStatement) {
  const { at, about } = statement;
  if (statement.kind !== 'removal' || about === null) return [];
  const { reason, confirms } = statement.body;
  return [{ id, author, organisation, at, about, reason, confirms }];
}

/** Returns who can approve, as it is known now. */
export function approversIn({ ledger }: Pick<Archive, 'ledger'>): Approvers {
  const role: Role = 'steward';
  return {
    stewards: ledger
      .members()
      .filter(({ roles }) => roles.includes(role))
      .map(({ id }) => id),
    memberWith: (key) => ledger.memberOf(key)?.id,
  };
}

/** A removal that is to be carried out, by the statements that confirm it. */
export interface ConfirmedRemoval extends AskedRemoval {
  readonly approvals: readonly SaidRemoval[];
}

/** Returns the removals of these that are confirmed by now. Some, or all of it, may have been taken back. */
export function confirmedOf(
  removals: readonly AskedRemoval[],
  { ledger, clock }: Pick<Archive, 'ledger' | 'clock'>,
): readonly ConfirmedRemoval[] {
  const approvers = approversIn({ ledger });
  const now = clock();
  return removals.flatMap((removal) => {
    const approvals = removal.confirmations.filter((one) => {
      const from = approvedFrom(removal, one, approvers);
      return from !== undefined && from <= now;
    });
    return approvals.length === 0 ? [] : [{ ...removal, approvals }];
  });
}

/** Returns what a removal is about. */
export async function membersOf(
  { about }: Pick<SaidRemoval, 'about'>,
  { ledger }: Pick<Archive, 'ledger'>,
): Promise<readonly Cid[]> {
  return 'asset' in about ? [about.asset] : ledger.setMembers(about.set);
}
