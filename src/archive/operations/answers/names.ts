import { z } from 'zod';
import { ERROR_CODES } from '../../../core/errors.ts';
import * as fields from '../../../core/statements/fields.ts';
import { ROLES } from '../../../core/statements/governance-kinds.ts';

/**
 * What stands for things in answers. An `id` makes a schema a component of the description, which others
 * refer to by that name.
 */

export const cid = fields.cid.meta({
  id: 'Cid',
  description: 'A CIDv1 in base32 with sha2-256: of an asset, or of a document',
});

export const did = fields.did.meta({
  id: 'Did',
  description: 'A did:key of an Ed25519 public key',
});

export const entry = fields.entryHash.meta({
  id: 'EntryHash',
  description: 'The hash of an entry of the ledger',
});

export const statement = fields.statementId.meta({
  id: 'StatementId',
  description: 'A statement: the hash of its entry, and its place in it',
});

/** RFC 3339 in UTC, whole seconds. */
export const moment = fields.timestamp.meta({
  id: 'Moment',
  description: 'RFC 3339 in UTC, whole seconds',
});

export const sha256 = fields.hex32.meta({
  id: 'Sha256',
  description: 'A SHA-256 in hexadecimal',
});

export const organisation = fields.organisationId.meta({
  id: 'OrganisationId',
  description: 'An organisation, by its random id',
});

export const errorCode = z.enum(ERROR_CODES).meta({
  id: 'ErrorCode',
  description: 'What went wrong, in a form that does not change',
});

export const role = z.enum([...ROLES, 'maker']).meta({
  id: 'Role',
  description: '`maker` for a key that is no member’s',
});

/** So many things, or bytes. */
export const count = fields.natural;

/** What a statement is about. */
export const about = z
  .union([z.strictObject({ asset: cid }), z.strictObject({ set: cid })])
  .meta({ id: 'About', description: 'One asset, or a set of them that the ledger holds' });
