import { z } from 'zod';
import { code, organisationId } from '../../core/statements/fields.ts';
import { ROLES } from '../../core/statements/governance-kinds.ts';
import { replicaNamed } from '../copies/replica-named.ts';
import { changeQuorum } from '../governing/change-quorum.ts';
import { adoptEntries, grantMember, revokeMember, rotateKey } from '../governing/members.ts';
import { enactReady, proposalCalled, vote } from '../governing/propose.ts';
import { proposeDocument } from '../governing/propose-document.ts';
import { memberName } from '../member-name.ts';
import { parseDid, parseEntryHash } from '../typed-names.ts';
import { member, proposal, proposed, ruled } from './answers/governance.ts';
import { count, did, entry, statement } from './answers/names.ts';
import { didText, entryText, replicaText } from './named.ts';
import { createOperation } from './operation.ts';

const nothing = z.strictObject({});

export const listMembers = createOperation({
  name: 'member.list',
  opens: 'archive',
  changes: false,
  input: nothing,
  result: z.array(member),
  run: async ({ ledger }) =>
    ledger.members().map((one) => ({ ...one, name: memberName(one.id, ledger) })),
});

export const grantRole = createOperation({
  name: 'member.grant',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    key: didText,
    id: didText.exactOptional(),
    role: z.enum(ROLES),
    organisation: organisationId.exactOptional(),
    replica: replicaText,
    name: z.string().exactOptional(),
  }),
  result: ruled,
  async run(archive, { key, id, replica, ...terms }) {
    const request = {
      ...terms,
      key: parseDid(key),
      id: id === undefined ? undefined : parseDid(id),
      replica: replicaNamed(replica, archive.catalog),
    };
    return await grantMember(request, archive);
  },
});

export const revokeRoles = createOperation({
  name: 'member.revoke',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    id: didText,
    key: didText.exactOptional(),
    last: z.array(entryText).max(16).exactOptional(),
  }),
  result: ruled,
  async run(archive, { id, key, last }) {
    const request = {
      id: parseDid(id),
      key: key === undefined ? undefined : parseDid(key),
      last: last?.map(parseEntryHash),
    };
    const ruled = await revokeMember(request, archive);
    await archive.catalog.catchUp();
    return ruled;
  },
});

export const adoptVoid = createOperation({
  name: 'member.adopt',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ entries: z.array(entryText).min(1).max(256) }),
  result: z.strictObject({ entry }),
  async run(archive, { entries }) {
    const adopted = await adoptEntries(entries.map(parseEntryHash), archive);
    await archive.catalog.catchUp();
    return adopted;
  },
});

export const rotateMember = createOperation({
  name: 'key.rotate',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ old: didText, key: didText }),
  result: z.array(ruled),
  run: async (archive, { old, key }) =>
    rotateKey({ old: parseDid(old), key: parseDid(key) }, archive),
});

export const listProposals = createOperation({
  name: 'proposal.list',
  opens: 'archive',
  changes: false,
  input: nothing,
  result: z.strictObject({
    needed: count.describe('Stewards who must approve: more than half, or the quorum if greater'),
    quorum: count.describe('As the stewards have set it'),
    stewards: z.array(did).describe('Members who have a seat, and a vote each'),
    proposals: z.array(proposal),
  }),
  async run({ ledger }) {
    const { proposals, needed, quorum, stewards } = ledger.governance();
    return { needed, quorum, stewards: stewards.map(({ id }) => id), proposals };
  },
});

export const proposeQuorum = createOperation({
  name: 'quorum.propose',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ quorum: z.number().int().min(1).max(64), reason: code }),
  result: proposed,
  run: async (archive, input) => changeQuorum(input, archive),
});

/** Gives one proposal, with the document it names. */
export const showProposal = createOperation({
  name: 'proposal.show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ proposal: z.string() }),
  result: proposal,
  run: async ({ ledger }, { proposal: id }) => proposalCalled(id, ledger),
});

export const voteOnProposal = createOperation({
  name: 'proposal.vote',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ proposal: z.string(), vote: z.enum(['yes', 'no']) }),
  result: proposed,
  async run(archive, { proposal: named, vote: word }) {
    const { id } = proposalCalled(named, archive.ledger);
    const outcome = await vote(id, word, archive);
    await archive.catalog.catchUp();
    return outcome;
  },
});

export const proposePolicy = createOperation({
  name: 'policy.propose',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    document: z.unknown().meta({
      type: 'object',
      required: ['type'],
      properties: { type: { enum: ['policy', 'institutions'] } },
    }),
    reason: z.string(),
  }),
  result: proposed,
  async run(archive, { document, reason }) {
    const outcome = await proposeDocument({ document, reason }, archive);
    await archive.catalog.catchUp();
    return outcome;
  },
});

export const enactProposals = createOperation({
  name: 'proposal.enact',
  opens: 'archive',
  changes: true,
  input: nothing,
  result: z.strictObject({ enacted: z.array(statement) }),
  async run(archive) {
    const enacted = await enactReady(archive);
    await archive.catalog.catchUp();
    return { enacted };
  },
});
