import { z } from 'zod';
import {
  code,
  documentCid,
  hex16,
  hex32,
  licenceText,
  purpose,
  requester,
  sortedSet,
  statementId,
  timestamp,
} from './fields.ts';

/** Bodies of the statements about what may be done with an asset. */

export const licence = z.strictObject({
  /** The deposit whose licence this is; null for every deposit of the asset. */
  deposit: statementId.nullable(),
  licence: licenceText.nullable(),
  /** Licence statements that this one takes the place of. */
  replaces: sortedSet(statementId, 16),
  record: documentCid.nullable(),
});

const permission = z.union([
  z.enum(['allow', 'deny']),
  /** Allowed on a condition that a grant must name. */
  z.strictObject({ condition: code }),
]);

export const consent = z.strictObject({
  /** Whom it speaks for, by the commitments of the deposits. */
  makers: z.array(hex32).min(1).max(256),
  role: z.enum(['author', 'performer', 'rights-holder', 'agent']),
  /** The grant this one is made under; it may not be wider than that one. */
  under: statementId.nullable(),
  purposes: z.partialRecord(purpose, permission),
  requesters: sortedSet(requester, 64),
  /** ISO 3166-1 codes; empty means everywhere. */
  territories: sortedSet(z.string().regex(/^[A-Z]{2}$/), 256),
  from: timestamp.nullable(),
  until: timestamp.nullable(),
  /** Conditions of other statements that this consent grants. */
  conditions: sortedSet(code, 64),
  /** The exact text that was shown, with its language and what withdrawal does. */
  text: documentCid,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  identity: z.enum(['steward', 'orcid', 'website', 'key']),
  capture: z.enum(['browser', 'command-line', 'paper', 'import']),
  legalBasis: code,
  attribution: z.boolean(),
  /** SHA-256 of salt and the one-time withdrawal code; null where no code was given out. */
  withdrawalCode: z.strictObject({ salt: hex16, hash: hex32 }).nullable(),
  replaces: sortedSet(statementId, 16),
  record: documentCid.nullable(),
});

export const withdrawal = z.strictObject({
  /** The consents that end; empty: every consent of these makers for what `about` names. */
  consents: sortedSet(statementId, 256),
  makers: z.array(hex32).max(256),
  /** The one-time code, where that is what withdraws. */
  code: z
    .string()
    .regex(/^[A-Z2-7]{16,64}$/)
    .nullable(),
  record: documentCid.nullable(),
});

export const reservation = z.strictObject({
  protocol: code,
  values: z.partialRecord(purpose, permission),
  observedAt: timestamp,
  /** Who reserves: a verified maker's word beats any licence. */
  by: z.enum(['maker', 'source', 'file']),
  record: documentCid.nullable(),
});

export const flag = z.strictObject({
  flag: z.enum(['personal-data', 'likeness', 'community', 'human-remains']),
  state: z.enum(['raised', 'cleared']),
  /** Empty: every purpose. */
  purposes: sortedSet(purpose, 8),
  label: code.nullable(),
  record: documentCid.nullable(),
});
