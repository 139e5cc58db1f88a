import { Pacer } from '../pacer.ts';
import { RestatedError } from '../projecting/project-arrivals.ts';
import type { SourceLedger } from '../projecting/source-ledger.ts';
import { removeCatalogFile, replaceCatalogFile } from './catalog-file.ts';
import { ProjectedFile } from './projected-file.ts';

/**
 * Builds a catalog from the ledger beside the file at `path`, puts it in its place, and returns how
 * many entries it holds. Row for row it equals a catalog that grew with the ledger.
 *
 * Nobody may have the file open when it is replaced: whoever has it open gives its own `replace`,
 * which closes it first. Until the end the old one stays as it is.
 *
 * @throws {ArchiveError} `disk_full`, `aborted`, and what the ledger throws; the old file stays then.
 */
export async function rebuildCatalog(options: {
  readonly path: string;
  readonly ledger: SourceLedger;
  readonly signal?: AbortSignal | undefined;
  readonly replace?: (path: string, by: string) => void;
}): Promise<number> {
  const { path, ledger, signal, replace = replaceCatalogFile } = options;
  const beside = `${path}.rebuilt`;
  for (;;) {
    removeCatalogFile(beside);
    try {
      using file = new ProjectedFile(beside, ledger, () => {});
      const entries = await file.catchUp(new Pacer([signal]));
      file[Symbol.dispose]();
      replace(path, beside);
      return entries;
    } catch (error) {
      removeCatalogFile(beside);
      // What came while it was built makes earlier entries stand or fall.
      if (!(error instanceof RestatedError)) throw error;
    }
  }
}
