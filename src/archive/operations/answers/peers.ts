import { z } from 'zod';
import { count, did, errorCode, moment, organisation, role, statement } from './names.ts';

/** How far another node's log and this home's are apart. */
const logLevel = z
  .strictObject({
    toTake: count.describe('Entries of its log that are not here yet'),
    toGive: count.describe('Entries here that its log does not have yet'),
  })
  .meta({ id: 'LogLevel' });

/** Milliseconds since 1970. */
const since1970 = z.number().describe('Milliseconds since 1970');

const connected = z
  .strictObject({
    peer: did,
    standing: z.enum(['member', 'guest', 'stranger', 'visitor']),
    address: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    since: since1970,
    receivedBytes: count,
    sentBytes: count,
    organisation: organisation.nullable(),
    roles: z.array(role),
    name: z.string().describe('Empty where it is not known'),
    level: logLevel.nullable().describe('Null before the first word of it'),
  })
  .meta({ id: 'Peer' });

export const peers = z.strictObject({
  did: did.describe('Key of this home'),
  addresses: z.array(z.string()).describe('Where others reach this node'),
  called: z
    .array(
      z.strictObject({
        address: z.string(),
        peer: did.nullable().describe('Null where the address does not say, or no node runs'),
      }),
    )
    .describe('Addresses in the settings that the node keeps connected'),
  connected: z.array(connected),
  troubles: z
    .array(z.strictObject({ peer: did, code: errorCode, text: z.string(), at: since1970 }))
    .describe('Why logs of members were not taken'),
  complaints: z
    .array(
      z.strictObject({
        from: z.string().describe('A key, or an address where the handshake did not get so far'),
        code: errorCode,
        text: z.string(),
        count,
        at: since1970,
      }),
    )
    .describe('What went wrong with peers, the last of each sort'),
});

const copies = {
  wanted: count.describe('Assets that its replica policy covers'),
  held: count.nullable().describe('Of these, how many it holds; known of this home alone'),
  proven: count.describe('Of these, copies with a standing proof in the ledger'),
  lost: count.describe('Of these, proven and then found damaged or gone'),
};

const nodeCopies = z
  .strictObject({
    did,
    name: z.string().describe('Empty where it is not known'),
    organisation,
    replica: z.string().describe('Its replica policy'),
    isThisHome: z.boolean(),
    connected: z.boolean(),
    lastContact: moment.nullable().describe('Since this node was started'),
    level: logLevel.nullable(),
    ...copies,
    collections: z
      .array(
        z.strictObject({
          collection: z.string().describe('Salted id'),
          name: z.string().describe('Empty where it is not known here'),
          ...copies,
        }),
      )
      .describe('An asset in two collections counts in both'),
  })
  .meta({ id: 'NodeCopies' });

export const replication = z
  .strictObject({
    fetched: count.describe('Assets that are here now, or are whole again'),
    receivedBytes: count,
    unmet: count.describe('Assets that are wanted and that nobody who was asked delivers'),
    reasons: z.array(
      z.strictObject({
        peer: did,
        because: z
          .enum(['not-held', 'not-allowed', 'damaged', 'corrupt', 'invalid'])
          .describe('`corrupt`: it sent something else; `invalid`: the file is none'),
        assets: count,
      }),
    ),
    failures: z.array(z.strictObject({ peer: did, code: errorCode, text: z.string() })),
    halted: z
      .enum(['disk-full', 'budget', 'schedule', 'stopped'])
      .nullable()
      .describe('Why it ended early'),
  })
  .meta({ id: 'Replication', description: 'What one pass over everything that is wanted came to' });

export const replicas = z.strictObject({
  nodes: z.array(nodeCopies),
  lastPass: z
    .strictObject({ at: moment, report: replication })
    .nullable()
    .describe('The last pass of the running node'),
});

/** How one other node stood, as `replicate history --json` prints it. */
export const nodeHistory = z
  .strictObject({
    did,
    name: z.string().describe('Empty where it is not known'),
    samples: z
      .array(
        z.strictObject({
          at: moment,
          connected: z.boolean(),
          toTake: count.nullable().describe('Entries of its log that were not here'),
          toGive: count.nullable().describe('Entries here that its log did not have'),
          wanted: copies.wanted,
          proven: copies.proven,
          lost: copies.lost,
        }),
      )
      .describe('Of the last week one an hour, before that one a day; the oldest first'),
  })
  .meta({ id: 'NodeHistory' });

/** What `member invitations --json` prints of each invitation. */
export const invitation = z
  .strictObject({
    id: statement,
    key: did.describe('The one-time key, by which "member revoke" ends it'),
    role,
    organisation,
    replica: z.string().describe('The replica policy of whoever joins'),
    expires: moment,
    state: z
      .enum(['open', 'expired', 'used', 'ended'])
      .describe('`ended`: it was revoked, or does not count'),
    admitted: z.array(did).describe('Whom it has let in'),
  })
  .meta({ id: 'Invitation' });
