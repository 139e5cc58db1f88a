import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { CatalogueFile, CatalogueOptions } from '../../core/ports/intake.ts';
import { CatalogueBytes } from '../csv/catalogue-bytes.ts';
import { readLayout } from '../csv/csv-layout.ts';
import { faultOf } from '../fault-of.ts';
import { type BytePath, resolveOffered, toBytes } from '../files/offered-paths.ts';
import { textOfName } from '../files/text-of-name.ts';
import { loadMapping } from '../mappings/load-mapping.ts';
import { planRows } from '../mappings/row-plan.ts';
import { quote } from '../quote.ts';
import { buildRowIndex } from './build-row-index.ts';
import { CatalogueRecords } from './catalogue-records.ts';
import { CsvCatalogue } from './csv-catalogue.ts';
import { findRoot } from './find-root.ts';
import { RowReader } from './row-reader.ts';

const MOST_SAMPLES = 64;

/**
 * Opens a CSV catalogue (see the port): reads the header, fits the mapping to it, reads the file once
 * for its paths, and finds the folder where they start.
 */
export async function openCatalogueFile(
  path: string,
  options: CatalogueOptions,
): Promise<CatalogueFile> {
  const mapping = await loadMapping(options.map);
  const bytes = await CatalogueBytes.open(path, options.name);
  try {
    const layout = await readLayout(bytes);
    const plan = planRows(layout, mapping);
    const reader = new RowReader(plan);
    const { index, recordCount } = await buildRowIndex(bytes, layout, reader, options.signal);
    const records = new CatalogueRecords(bytes, layout, reader, index);
    const { root, offered, warning } = await placesOf(path, options, records);
    const warnings = warning === undefined ? plan.warnings : [...plan.warnings, warning];
    return new CsvCatalogue(records, {
      ...{ recordCount, warnings, columns: plan.columns, root, offered },
    });
  } catch (error) {
    await bytes[Symbol.asyncDispose]();
    throw error;
  }
}

interface Places {
  readonly root: BytePath;
  readonly offered: ReadonlySet<BytePath>;
  readonly warning: string | undefined;
}

async function placesOf(
  path: string,
  options: CatalogueOptions,
  records: CatalogueRecords,
): Promise<Places> {
  const resolved = await resolveOffered(options.paths);
  const offered = resolved.filter((found) => 'path' in found);
  const places = new Set(offered.map((found) => found.path));
  if (options.root !== undefined) {
    return { root: await folderAt(options.root), offered: places, warning: undefined };
  }
  const samples = await samplePaths(records);
  const { root, hits } = await findRoot(await folderAt(dirname(resolve(path))), offered, samples);
  const warning =
    hits === 0 && samples.length > 0
      ? `none of the files looked for (${quote(samples[0] ?? '')} and the like) is below ${quote(textOfName(toBytes(root)))} or what is offered; check the paths in the catalogue`
      : undefined;
  return { root, offered: places, warning };
}

/** Returns paths that the catalogue names, from its whole length. */
async function samplePaths(records: CatalogueRecords): Promise<string[]> {
  const { index } = records;
  const step = Math.max(1, Math.floor(index.size / MOST_SAMPLES));
  const samples: string[] = [];
  for (let number = 0; number < index.size && samples.length < MOST_SAMPLES; number += step) {
    const entry = index.entry(number);
    if (entry.fate === 'usable') samples.push(await records.pathOf(entry));
  }
  return samples;
}

async function folderAt(path: string): Promise<BytePath> {
  try {
    return await realpath(path, { encoding: 'latin1' });
  } catch (cause) {
    throw new ArchiveError('file_unreadable', `the folder ${quote(path)} ${faultOf(cause)}`, {
      cause,
    });
  }
}
