import type { Intake } from '../core/ports/intake.ts';
import { walkFiles } from './files/walk-files.ts';
import { normaliseLicence } from './licences/normalise-licence.ts';
import { openCatalogueFile } from './rows/open-catalogue-file.ts';

/** Files, folders and CSV catalogues of this machine. Keeps nothing between calls. */
export const intake: Intake = { walkFiles, openCatalogueFile, normaliseLicence };
