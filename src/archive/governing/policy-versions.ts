import type { Cid } from '../../core/cid.ts';
import type { ProposalView } from '../../core/entries/governance/view.ts';
import { ArchiveError } from '../../core/errors.ts';
import { decodePolicy, type NamedPolicy, type Policy } from '../../core/policy/documents.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';

/** A policy as it was, is or may be in force. */
export interface PolicyVersion extends NamedPolicy {
  /** Null for that of the charter. */
  readonly proposal: StatementId | null;
  readonly status: 'charter' | ProposalView['status'];
  readonly isInForce: boolean;
}

/**
 * Returns the versions of a policy, the newest proposal first and the charter's own last. Documents that this
 * program cannot read are left out.
 */
export function versionsOf(
  { cid: inForce, policy: { name } }: NamedPolicy,
  ledger: Pick<Ledger, 'governance' | 'charter' | 'block'>,
): PolicyVersion[] {
  const proposed = ledger.governance().proposals.flatMap(({ id, body, status }) => {
    const policy = body.topic === `policy:${name}` ? readIn(body.document, ledger) : undefined;
    if (policy === undefined || body.document === null) return [];
    const isInForce = status === 'enacted' && body.document === inForce;
    return [{ cid: body.document, policy, proposal: id, status, isInForce }];
  });
  const cid = ledger.charter.policies[name];
  const own = readIn(cid ?? null, ledger);
  const isInForce = cid === inForce && !proposed.some((one) => one.isInForce);
  const charters =
    cid === undefined || own === undefined
      ? []
      : [{ cid, policy: own, proposal: null, status: 'charter' as const, isInForce }];
  return [...proposed.reverse(), ...charters];
}

function readIn(cid: Cid | null, ledger: Pick<Ledger, 'block'>): Policy | undefined {
  const bytes = cid === null ? undefined : ledger.block(cid);
  try {
    return bytes && decodePolicy(bytes);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'policy_unknown') return undefined;
    throw error;
  }
}
