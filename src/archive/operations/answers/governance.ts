import { z } from 'zod';
import { KINDS } from '../../../core/statements/kinds.ts';
import { count, did, entry, organisation, role, statement } from './names.ts';

export const member = z
  .strictObject({
    id: did,
    keys: z.array(did).describe('Of its homes'),
    browserKeys: z.array(did).describe('Of browsers, which sign for it and write no entries'),
    organisation,
    roles: z.array(role),
    replica: z.string().describe('The replica policy it is held to'),
    name: z.string().describe('Empty where it is not known'),
  })
  .meta({ id: 'Member' });

const status = z.enum(['open', 'ready', 'enacted', 'replaced', 'rival', 'stale', 'void']).meta({
  id: 'ProposalStatus',
  description:
    '`ready`: enough have approved, it waits for its enactment; `replaced`: it was in force; `rival`: another on the same base is enacted; `stale`: its base is in force no longer; `void`: it does not count',
});

/** What became of a proposal. */
export const proposed = z
  .strictObject({
    proposal: statement,
    status,
    yes: count.describe('Stewards who have approved'),
    needed: count.describe('Stewards who must approve'),
  })
  .meta({ id: 'Proposed', description: 'What became of a proposal' });

/** What a verb about members has done. */
export const ruled = z
  .union([z.strictObject({ entry }), proposed])
  .meta({ id: 'Ruled', description: 'An entry, or a proposal that others must approve' });

export const proposal = z
  .strictObject({
    id: statement,
    by: did.describe('The steward who made it'),
    body: KINDS.proposal.body,
    votes: z.array(z.strictObject({ id: did, vote: z.enum(['yes', 'no']) })),
    change: z
      .strictObject({
        joins: z.array(did),
        leaves: z.array(did),
        newKeys: z.array(did).describe('Stewards who stay, with another key'),
        cut: z.array(did).describe('Members of whom an earlier last entry is to stand'),
        needed: z
          .strictObject({ before: count, after: count })
          .describe('Stewards who must approve'),
      })
      .nullable()
      .describe('Of a proposal about the stewards, what it changes in those that it is built on'),
    status,
  })
  .meta({ id: 'Proposal' });
