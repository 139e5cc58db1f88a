import type { ProposalView } from '../../core/entries/governance/view.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { Clock } from '../../core/ports/environment.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { Block } from '../../core/statements/block.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { say } from '../say.ts';

type Parts = Pick<Archive, 'ledger' | 'clock' | 'sha256'>;

/** What became of a proposal. */
export interface Proposed {
  readonly proposal: string;
  readonly status: ProposalView['status'];
  /** How many stewards have approved, and how many must. */
  readonly yes: number;
  readonly needed: number;
}

/** What a proposal is about; the rest follows from the ledger. */
export type Proposal = Pick<BodyOf<'proposal'>, 'topic' | 'reason'> &
  Partial<Pick<BodyOf<'proposal'>, 'document' | 'stewards' | 'format'>>;

/**
 * Makes a proposal on what is in force, with this home's own approval, and enacts it if that is enough.
 *
 * @throws {ArchiveError} `statement_rejected` if this home is no steward's, or the proposal cannot count.
 */
export async function propose(
  proposal: Proposal,
  parts: Parts,
  documents: readonly Block[] = [],
): Promise<Proposed> {
  const body = {
    document: null,
    stewards: null,
    format: null,
    ...proposal,
    // A base is the charter's CID or a statement's id; the ledger gives no other.
    base: parts.ledger.governance().baseOf(proposal.topic) as BodyOf<'proposal'>['base'],
    record: null,
  };
  const { id } = await say('proposal', body, parts, { documents });
  return vote(id, 'yes', parts);
}

/**
 * Records this home's vote on a proposal, and enacts what has enough approvals.
 *
 * @throws {ArchiveError} `not_found`; `statement_rejected` if this home is no steward's.
 */
export async function vote(proposal: string, word: 'yes' | 'no', parts: Parts): Promise<Proposed> {
  const { body } = proposalCalled(proposal, parts.ledger);
  const bytes = body.document === null ? undefined : parts.ledger.block(body.document);
  const digest = bytes === undefined ? null : toHex(parts.sha256(bytes));
  await say('approval', { proposal, vote: word, digest }, parts);
  await enactReady(parts);
  return outcomeOf(proposal, parts.ledger);
}

/**
 * Enacts every proposal that enough stewards have approved, and returns which. Does nothing on a home
 * that is no steward's. The running node calls it when entries have come.
 */
export async function enactReady(parts: {
  readonly ledger: Pick<Ledger, 'self' | 'memberOf' | 'governance' | 'append'>;
  readonly clock: Clock;
}): Promise<string[]> {
  const { ledger } = parts;
  const enacted: string[] = [];
  if (ledger.memberOf(ledger.self.did)?.roles.includes('steward') !== true) return enacted;
  for (;;) {
    const ready = readyIn(ledger);
    if (ready === undefined || enacted.includes(ready)) return enacted;
    try {
      await say('enactment', { proposal: ready }, parts);
      enacted.push(ready);
    } catch (error) {
      // The enactment of another steward's node can arrive between the look and the append.
      if (readyIn(ledger) === ready) throw error;
    }
  }
}

function readyIn(ledger: Pick<Ledger, 'governance'>): string | undefined {
  return ledger.governance().proposals.find(({ status }) => status === 'ready')?.id;
}

/** @throws {ArchiveError} `not_found`. */
export function proposalCalled(id: string, ledger: Pick<Ledger, 'governance'>): ProposalView {
  const found = ledger.governance().proposals.find((one) => one.id === id || one.id === `${id}/0`);
  if (found !== undefined) return found;
  throw new ArchiveError('not_found', `there is no proposal ${id}; "proposal list" names them`);
}

function outcomeOf(id: string, ledger: Ledger): Proposed {
  const { status, votes } = proposalCalled(id, ledger);
  const yes = votes.filter((one) => one.vote === 'yes').length;
  return { proposal: id, status, yes, needed: ledger.governance().needed };
}
