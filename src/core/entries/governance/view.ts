import type { Cid } from '../../cid.ts';
import type { EntryHash, StatementId } from '../../statements/fields.ts';
import type { BodyOf, Role } from '../../statements/kinds.ts';
import type { Charter } from '../charter.ts';
import type { Did } from '../did-key.ts';
import type { Act } from './act.ts';
import type { Governance } from './fold.ts';
import { nameRecordsOf } from './names.ts';
import { readiness } from './ruling-problem.ts';
import type { Seat } from './seats.ts';
import { actsOf } from './steward-acts.ts';
import { type StewardsChange, stewardsChange } from './stewards-change.ts';
import type { Vote } from './votes.ts';

/** A document in force under a name: the charter's, or what was enacted since. */
export interface DocumentInForce {
  readonly name: string;
  readonly document: Cid;
  /** The proposal that brought it; null for the charter's own. */
  readonly proposal: StatementId | null;
  /** Organisations of the stewards who approved it. */
  readonly approvedBy: readonly string[];
}

export interface ProposalView {
  readonly id: StatementId;
  /** The steward who made it. */
  readonly by: Did;
  readonly body: BodyOf<'proposal'>;
  readonly votes: readonly Vote[];
  /** Of a proposal about the stewards, what it changes; null where those it is built on never were. */
  readonly change: StewardsChange | null;
  /**
   * `open`: it can be voted on; `ready`: enough have approved, it waits for its enactment; `enacted`:
   * in force; `replaced`: it was; `rival`: enacted, and another on the same base stands; `stale`: its
   * base is in force no longer; `void`: it does not count.
   */
  readonly status: 'open' | 'ready' | 'enacted' | 'replaced' | 'rival' | 'stale' | 'void';
}

export interface InvitationView {
  readonly id: StatementId;
  readonly key: Did;
  readonly role: Role;
  readonly organisation: string;
  readonly replica: string;
  readonly expires: string;
  /** It can still be used, as far as its expiry allows. */
  readonly isOpen: boolean;
  readonly admitted: readonly Did[];
}

/** Something that people must settle, or know of. */
export interface Conflict {
  readonly kind: 'rivals' | 'shared-invitation';
  readonly subject: string;
  readonly text: string;
}

/** What governs an archive, for people. */
export interface GovernanceView {
  readonly stewards: readonly Seat[];
  /** How many stewards must approve a proposal. */
  readonly needed: number;
  /** As the stewards in force have set it; never fewer than more than half. */
  readonly quorum: number;
  readonly format: number;
  /** By topic, such as `stewards` or `policy:gold`, what a new proposal must name as its base. */
  baseOf(topic: string): string;
  readonly policies: readonly DocumentInForce[];
  readonly trust: readonly DocumentInForce[];
  readonly proposals: readonly ProposalView[];
  readonly invitations: readonly InvitationView[];
  readonly conflicts: readonly Conflict[];
  /** Records with the names of members, by their ids. */
  readonly names: ReadonlyMap<Did, Cid>;
}

export function viewOf(state: Governance, charter: Charter): GovernanceView {
  const { bench, format, acts } = state;
  return {
    stewards: bench.seats,
    needed: bench.needed,
    quorum: bench.link.proposal?.body.stewards?.quorum ?? charter.quorum,
    format,
    baseOf: (topic) => state.chainOf(topic).at(-1)?.name ?? '',
    policies: documentsInForce('policy', charter.policies, state, charter),
    trust: documentsInForce('trust', charter.trust, state, charter),
    proposals: actsOf('proposal', acts).map((act) => proposalView(act, state)),
    invitations: actsOf('invitation', acts).map((act) => invitationView(act, state)),
    conflicts: [...rivals(state), ...sharedInvitations(state)],
    names: nameRecordsOf(state),
  };
}

function documentsInForce(
  sort: 'policy' | 'trust',
  own: Readonly<Record<string, Cid>>,
  state: Governance,
  charter: Charter,
): readonly DocumentInForce[] {
  const founders = charter.stewards.map(({ organisation }) => organisation);
  const found = new Map<string, DocumentInForce>(
    Object.entries(own).map(([name, document]) => [
      name,
      { name, document, proposal: null, approvedBy: founders },
    ]),
  );
  for (const topic of state.topics.topics()) {
    const link = state.chainOf(topic).at(-1);
    const document = link?.proposal?.body.document;
    if (!topic.startsWith(`${sort}:`) || link === undefined || !document) continue;
    const name = topic.slice(sort.length + 1);
    const approvedBy = state.topics.organisationsBehind(link);
    found.set(name, { name, document, proposal: link.name, approvedBy });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function proposalView(act: Act<'proposal'>, state: Governance): ProposalView {
  const { stewards } = act.body;
  const base = state.benches.find(({ link }) => link.name === act.body.base);
  return {
    id: `${act.hash}/0`,
    by: act.id,
    body: act.body,
    votes: state.topics.votesOn(act.hash, state.bench),
    change: stewards === null || base === undefined ? null : stewardsChange(stewards, base),
    status: statusOf(act, state),
  };
}

function statusOf(act: Act<'proposal'>, state: Governance): ProposalView['status'] {
  const chain = state.chainOf(act.body.topic);
  const name = `${act.hash}/0`;
  if (chain.at(-1)?.name === name) return 'enacted';
  if (chain.some((link) => link.name === name)) return 'replaced';
  const isRival = state.rivalries.some(({ losers }) => losers.some((link) => link.name === name));
  if (isRival) return 'rival';
  if (state.problemOf(act.hash) !== undefined) return 'void';
  if (chain.at(-1)?.name !== act.body.base) return 'stale';
  return readiness(act, state) === undefined ? 'ready' : 'open';
}

function invitationView(act: Act<'invitation'>, state: Governance): InvitationView {
  const admitted = state.rights.admitted.get(act.hash) ?? [];
  const isRevoked = state.titles.endingsOf(act.body.key).length > 0;
  const isOpen = admitted.length === 0 && !isRevoked && state.problemOf(act.hash) === undefined;
  return { id: `${act.hash}/0`, ...act.body, isOpen, admitted };
}

function rivals(state: Governance): readonly Conflict[] {
  return state.rivalries.map(({ winner, losers }) => ({
    kind: 'rivals',
    subject: winner.name,
    text:
      `was enacted on the same base as ${losers.map(({ name }) => name).join(' and ')}; it stands, and ` +
      'they do not: the stewards should say so again in one proposal',
  }));
}

function sharedInvitations(state: Governance): readonly Conflict[] {
  return [...state.rights.admitted].flatMap(([hash, admitted]: [EntryHash, readonly Did[]]) =>
    admitted.length < 2
      ? []
      : [
          {
            kind: 'shared-invitation' as const,
            subject: `${hash}/0`,
            text: `one invitation admitted ${admitted.join(' and ')}; revoke whom you did not mean`,
          },
        ],
  );
}
