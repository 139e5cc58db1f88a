import { checksums } from '../../core/dataset/checksums.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { licenceTable } from '../tables/licence-table.ts';
import type { StoredFile } from '../tables/sample-tables.ts';
import { datasetCard } from './card.ts';
import { croissant } from './croissant.ts';
import type { ReleaseDescription } from './describe-release.ts';

/**
 * Writes what tells of the shards and tables of a release: licences, card and Croissant, and the digests of
 * all. Returns them with the tables. `modified` is when a revision was made.
 */
export async function tellBeside(
  told: ReleaseDescription,
  tables: readonly StoredFile[],
  write: (name: string, text: string) => Promise<StoredFile>,
  modified?: string,
): Promise<readonly StoredFile[]> {
  const licences = await write(RELEASE_FILES.licences, licenceTable(told.counts.licences));
  const all = [...tables, licences];
  const card = await write(RELEASE_FILES.card, datasetCard(told));
  const described = await write(RELEASE_FILES.croissant, croissant(told, all, modified));
  const summed = [...all, card, described];
  const sums = checksums([...told.shards, ...summed]);
  return [...summed, await write(RELEASE_FILES.checksums, sums)];
}
