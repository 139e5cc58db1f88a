import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { NamedBytes } from './inspected.ts';

/** Folders of public files beside the repository; tests that need one are skipped without it. */
const shared = new URL('../../../../shared/', import.meta.url).pathname;

export const CORPUS = process.env['RINGFENCE_CORPUS'] ?? join(shared, 'corpus');
export const EVIDENCE_FILES =
  process.env['RINGFENCE_EVIDENCE'] ??
  process.env['RINGFENCE_EVIDENCE_FILES'] ??
  join(shared, 'evidence-files');

export const hasCorpus = existsSync(join(CORPUS, 'catalog.csv'));
export const hasEvidenceFiles = existsSync(join(EVIDENCE_FILES, 'SOURCES.tsv'));

/** One row of a corpus catalogue, as its README lists the columns. */
export interface CatalogRow {
  readonly path: string;
  readonly media_type: string;
  readonly sha256: string;
  readonly synthetic: 'no' | 'yes' | 'mixed';
}

/** Rows of `catalog.csv` or `synthetic/catalog.csv`; the paths of both begin at the corpus. */
export function catalogRows(catalogue: string): CatalogRow[] {
  return parse<CatalogRow>(readFileSync(join(CORPUS, catalogue)), { columns: true });
}

/** One row of SOURCES.tsv; what is expected is told in words. */
export interface SourceRow {
  readonly file: string;
  readonly expected: string;
}

/** Returns what SOURCES.tsv says of the evidence files that are there. */
export function evidenceSources(): SourceRow[] {
  const text = readFileSync(join(EVIDENCE_FILES, 'SOURCES.tsv'));
  const rows = parse<SourceRow>(text, { columns: true, delimiter: '\t', quote: null });
  return rows.filter(({ file }) => existsSync(join(EVIDENCE_FILES, file)));
}

export function evidenceFileNames(): string[] {
  return evidenceSources().map(({ file }) => file);
}

export function readPublicFile(folder: string, name: string): NamedBytes {
  return { filename: basename(name), bytes: readFileSync(join(folder, name)) };
}
