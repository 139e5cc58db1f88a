import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf, mapOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from '../statements/block.ts';
import { did, documentCid, hex16, organisationId } from '../statements/fields.ts';

/** The number of the fold rules that this program knows. */
export const FORMAT = 1;

const documentName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

const founder = z.strictObject({ id: did, key: did, organisation: organisationId });

/**
 * The founding document. It is OrbitDB's access-controller manifest, which the database manifest
 * names by CID, so the archive's address commits to every word of it.
 */
const charter = z.strictObject({
  type: z.literal('ringfence'),
  format: z.number().int().min(1).max(65_535),
  name: z.string().min(1).max(256),
  /** The first steward writes the founding entry. */
  stewards: z
    .array(founder)
    .min(1)
    .max(64)
    .refine((list) => new Set(list.map((s) => s.id)).size === list.length, 'names a steward twice'),
  quorum: z.number().int().min(1).max(64),
  publicAllowed: z.boolean(),
  /** Who answers for personal data (GDPR Art. 4(7)), in the founder's words. */
  controller: z.string().max(256),
  policies: mapOf(documentName, documentCid),
  trust: mapOf(documentName, documentCid),
  /** Random, so that no two archives have one address. */
  nonce: hex16,
});

export type Charter = z.output<typeof charter>;

/** Returns the charter's block, as OrbitDB keeps manifests: canonical DAG-CBOR. */
export function encodeCharter(value: Charter, sha256: Sha256): Block {
  return encodeBlock(parse(value), sha256);
}

/**
 * Returns the charter in a block.
 *
 * @throws {ArchiveError} `format_unknown` if its format number is newer than {@link FORMAT},
 * `input_invalid` if it is no charter.
 */
export function decodeCharter(bytes: Uint8Array): Charter {
  return parse(decodeBlock(bytes));
}

function parse(value: unknown): Charter {
  const read = charter.safeParse(value);
  if (!read.success) {
    throw new ArchiveError('input_invalid', `not a charter: ${faultOf(read.error)}`);
  }
  if (read.data.format > FORMAT) {
    throw new ArchiveError(
      'format_unknown',
      `this archive follows format ${read.data.format}, this program knows ${FORMAT}; upgrade`,
    );
  }
  if (read.data.quorum > read.data.stewards.length) {
    throw new ArchiveError(
      'input_invalid',
      `the charter asks for ${read.data.quorum} stewards and names ${read.data.stewards.length}`,
    );
  }
  return read.data;
}
