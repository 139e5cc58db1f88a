import { z } from 'zod';
import { cidToBytes, parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { faultOf } from '../../core/foreign-data.ts';
import { compareBytes } from '../../core/hash.ts';
import { parseSourceType } from '../../core/policy/source-types.ts';
import type { TableRow } from '../../core/ports/intake.ts';
import {
  type AttestationItem,
  createAttestationItems,
} from '../../core/statements/attestation-items.ts';
import { code, date, hex32, sourceCode } from '../../core/statements/fields.ts';
import { createSet } from '../../core/statements/set.ts';
import type { Archive } from '../archive.ts';
import { type Stated, stateAbout } from '../state-about.ts';

const row = z.object({
  cid: z.string(),
  item: code,
  date,
  source: sourceCode,
  digest: z.union([hex32, z.literal('')]).default(''),
  digitised: date,
  source_type: z.string(),
  maker: z.enum(['living', 'dead', 'unknown']),
  died: z
    .string()
    .regex(/^\d{0,4}$/, 'must be a year')
    .default(''),
});

/**
 * Attests a set on behalf of this home's institution from a table with the columns `cid`, `item`,
 * `date`, `source`, `digitised`, `source_type`, `maker`, and where known `died` and `digest`. Durable
 * when the promise resolves; the sample's seed comes from the first checkpoint after it that another
 * organisation confirms.
 *
 * @throws {ArchiveError} `catalogue_invalid` naming the line that cannot be used; `input_invalid` if the
 * items need more pages than an attestation has; `statement_rejected`.
 */
export async function attestSet(rows: readonly TableRow[], archive: Archive): Promise<Stated> {
  const { ledger, catalog, sha256 } = archive;
  const items = rows.map(toItem);
  const known = catalog.known(items.map(({ asset }) => asset));
  const stranger = items.findIndex(({ asset }) => !known.has(asset));
  if (stranger >= 0) throw invalid(rows[stranger], 'no such asset is in this archive; ingest it');
  const byAsset = new Map(items.map((item) => [item.asset, item]));
  if (byAsset.size < items.length) throw invalid(rows.at(-1), 'an asset is in the table twice');
  const keyed = items.map((item) => ({ item, key: cidToBytes(item.asset) }));
  const sorted = keyed.sort((a, b) => compareBytes(a.key, b.key)).map(({ item }) => item);
  const set = createSet(byAsset.keys(), sha256);
  const { pages, ...words } = createAttestationItems(sorted, sha256);
  const institution = ledger.self.organisation;
  const subject = { about: { set: set.cid }, members: [...byAsset.keys()], documents: set.blocks };
  const saying = { subject, documents: pages };
  return stateAbout('attestation', () => ({ institution, ...words }), saying, archive);
}

function toItem(given: TableRow): AttestationItem {
  const read = row.safeParse(given.values);
  if (!read.success) throw invalid(given, faultOf(read.error));
  const { cid, source_type, died, digest, ...words } = read.data;
  const type = parseSourceType(source_type) ?? parseSourceType(`digsrctype:${source_type}`);
  if (type === undefined || type.retired) {
    throw invalid(given, `${JSON.stringify(source_type)} is no digital source type in use`);
  }
  return {
    ...words,
    asset: parseCid(cid),
    digest: digest === '' ? null : digest,
    digitalSourceType: type.uri,
    makerDied: died === '' ? null : Number(died),
  };
}

function invalid(given: TableRow | undefined, problem: string): ArchiveError {
  return new ArchiveError('catalogue_invalid', `line ${given?.line ?? 0}: ${problem}`);
}
