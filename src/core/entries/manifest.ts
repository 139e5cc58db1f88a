import { z } from 'zod';
import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from '../statements/block.ts';
import { isEntryHash } from '../statements/fields.ts';
import { fromEntryHash, toEntryHash } from './entry-hash.ts';

/**
 * OrbitDB's database manifest (`@orbitdb/core` manifest-store): `{name, type, accessController}` in
 * DAG-CBOR. Its CID is the archive's address, and it names the charter as its access controller,
 * so the address commits to every word of the charter.
 */

const TYPE = 'ringfence';
const CONTROLLER = `/${TYPE}/`;

const manifest = z.strictObject({
  name: z.string().min(1).max(256),
  type: z.literal(TYPE),
  accessController: z.string().startsWith(CONTROLLER),
});

export function encodeManifest(name: string, charter: Cid, sha256: Sha256): Block {
  const accessController = `${CONTROLLER}${toEntryHash(charter)}`;
  return encodeBlock(manifest.parse({ name, type: TYPE, accessController }), sha256);
}

/**
 * Returns what a database manifest names.
 *
 * @throws {ArchiveError} `input_invalid` if the block is no manifest of an archive of ours.
 */
export function decodeManifest(bytes: Uint8Array): {
  readonly name: string;
  readonly charter: Cid;
} {
  const read = manifest.safeParse(decodeBlock(bytes));
  if (!read.success) throw invalid(faultOf(read.error));
  const charter = read.data.accessController.slice(CONTROLLER.length);
  if (!isEntryHash(charter)) throw invalid(`${read.data.accessController} names no charter`);
  return { name: read.data.name, charter: fromEntryHash(charter) };
}

/** Returns the address OrbitDB computes for a manifest: `/orbitdb/zdpu…`. */
export function addressOf(manifestCid: Cid): string {
  return `/orbitdb/${toEntryHash(manifestCid)}`;
}

function invalid(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `not the manifest of an archive: ${problem}`);
}
