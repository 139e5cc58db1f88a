import type { Intake } from '../core/ports/intake.ts';
import { discardCrawled, walkCrawls } from './crawls/walk-crawls.ts';
import { walkFiles } from './files/walk-files.ts';
import { normaliseLicence } from './licences/normalise-licence.ts';
import { readTrustFile, subjectOf } from './trust/read-trust-file.ts';

/** Files, folders and CSV catalogues of this machine. Keeps nothing between calls. */
export const intake: Intake = {
  walkFiles,
  walkCrawls,
  discardCrawled,
  // Most uses of an archive read no catalogue; what reads one is loaded with the first.
  openCatalogueFile: async (path, options) =>
    (await import('./rows/open-catalogue-file.ts')).openCatalogueFile(path, options),
  readRow: async (values) => (await import('./rows/read-row.ts')).readRow(values),
  readTable: async (path, signal) => (await import('./csv/read-table.ts')).readTable(path, signal),
  normaliseLicence,
  readTrustFile,
  subjectOf,
};
