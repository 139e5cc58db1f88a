import { z } from 'zod';
import {
  code,
  did,
  documentCid,
  entryHash,
  hex32,
  natural,
  organisationId,
  sortedSet,
  statementId,
  timestamp,
} from './fields.ts';

/**
 * Bodies of the statements by which members rule themselves (ledger.md §4). They stand alone in
 * their entry, inline, so that everybody can read them without any other block.
 */

export const ROLES = [
  'steward',
  'archivist',
  'reviewer',
  'partner',
  'pipeline',
  'agent',
  'witness',
] as const;

const role = z.enum(ROLES);

/** What a replica may and wants to hold: `all`, `eligible`, `collection:ID`, `media:TYPE` or `none`. */
const replicaPolicy = z
  .string()
  .regex(/^(all|eligible|none|collection:[0-9a-f]{32}|media:[a-z0-9*!#$&^_.+/-]{1,128})$/);

const member = {
  /** The member's id: its first key. */
  id: did,
  organisation: organisationId,
  replica: replicaPolicy,
  /** The name, where it can be erased. */
  record: documentCid.nullable(),
};

export const grant = z.strictObject({ ...member, key: did, role: role.exclude(['steward']) });

export const revoke = z.strictObject({
  id: did,
  /** One key only, as in rotation; null for all keys of the member. */
  key: did.nullable(),
  /** The newest entries of that member that stand. */
  last: sortedSet(entryHash, 16),
  /** The proposal that names an earlier `last`. */
  proposal: documentCid.nullable(),
});

export const invitation = z.strictObject({
  key: did,
  role: role.exclude(['steward']),
  organisation: organisationId,
  replica: replicaPolicy,
  expires: timestamp,
});

export const admit = z.strictObject({
  invitation: statementId,
  id: did,
  /** The invitation key's Ed25519 signature over the newcomer's did:key. */
  proof: z.string().regex(/^[0-9a-f]{128}$/),
  record: documentCid.nullable(),
});

export const adopt = z.strictObject({
  entries: sortedSet(entryHash, 256).refine((list) => list.length > 0, 'must name an entry'),
});

const steward = z.strictObject({ id: did, key: did, organisation: organisationId });

export const proposal = z.strictObject({
  topic: z.union([
    z.literal('stewards'),
    z.literal('format'),
    z.string().regex(/^(policy|trust):[a-z][a-z0-9-]{0,63}$/),
  ]),
  /** The proposal last enacted on this topic; the charter for the first. */
  base: documentCid.or(statementId),
  document: documentCid.nullable(),
  stewards: z
    .strictObject({
      list: z.array(steward).min(1).max(64),
      quorum: natural.min(1),
      last: z.array(z.strictObject({ id: did, entries: sortedSet(entryHash, 16) })).max(64),
    })
    .nullable(),
  format: natural.nullable(),
  reason: code,
  record: documentCid.nullable(),
});

export const approval = z.strictObject({
  proposal: statementId,
  vote: z.enum(['yes', 'no']),
  digest: hex32.nullable(),
});

export const enactment = z.strictObject({ proposal: statementId });
