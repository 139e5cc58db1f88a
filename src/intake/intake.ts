import type { Intake } from '../core/ports/intake.ts';
import { normaliseLicence } from './normalise-licence.ts';
import { openCatalogueFile } from './open-catalogue-file.ts';
import { walkFiles } from './walk-files.ts';

/** Files, folders and CSV catalogues of this machine. Keeps nothing between calls. */
export const intake: Intake = { walkFiles, openCatalogueFile, normaliseLicence };
