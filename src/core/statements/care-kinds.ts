import { z } from 'zod';
import {
  cid,
  code,
  did,
  documentCid,
  entryHash,
  hex16,
  hex32,
  natural,
  organisationId,
  purpose,
  requester,
  sortedSet,
  statementId,
  timestamp,
} from './fields.ts';

/** Bodies of the statements about copies, releases, the ledger itself and what was taken out. */

export const holding = z.strictObject({
  /** The member that was asked. */
  holder: did,
  organisation: organisationId,
  nonce: hex16,
  outcome: z.enum(['proven', 'failed', 'no-answer']),
  bytes: natural,
});

export const fixity = z.strictObject({
  outcome: z.enum(['intact', 'corrupt', 'missing', 'repaired']),
  bytes: natural,
});

const signedNote = z.string().max(8192);

export const checkpoint = z.strictObject({
  size: natural,
  root: hex32,
  /** C2SP signed note over origin, size and root, by the author's key. */
  note: signedNote,
  /** Lines of other keys over the same note body. */
  cosignatures: z.array(z.strictObject({ organisation: organisationId, note: signedNote })).max(64),
});

export const timestampToken = z.strictObject({
  method: z.enum(['rfc3161', 'opentimestamps']),
  digest: hex32,
  /** The token or proof file. */
  token: cid,
});

export const collection = z.strictObject({
  /** Salted id; the name lies in the record. */
  collection: hex16,
  visibility: z.enum(['organisation', 'members', 'public']),
  readers: sortedSet(organisationId, 256),
  record: documentCid,
});

export const release = z.strictObject({
  release: cid,
  policy: documentCid,
  purpose,
  requester,
  /** The entry that names the ledger state it was decided at. */
  state: entryHash,
  at: timestamp,
  assets: natural,
  bytes: natural,
  /** Digest of `release.json`. */
  manifest: hex32,
});

export const receipt = z.strictObject({
  release: cid,
  revision: natural,
  shards: sortedSet(cid, 65_536),
  purpose,
  requester,
  puller: did,
});

export const model = z.strictObject({
  model: code,
  weights: hex32,
  generative: z.boolean(),
  receipts: sortedSet(statementId, 256),
  record: documentCid.nullable(),
});

export const removal = z.strictObject({
  reason: code,
  secondApprover: did.nullable(),
  /** Asked for at this time; a lone steward confirms by a second removal 24 hours later. */
  confirms: statementId.nullable(),
  record: documentCid.nullable(),
});

export const acknowledgement = z.strictObject({
  of: statementId,
  outcome: z.enum(['done', 'not-held', 'failed']),
});

export const erasure = z.strictObject({
  records: sortedSet(documentCid, 1024).refine((list) => list.length > 0, 'must name a record'),
  reason: code,
  requestedAt: timestamp,
});
