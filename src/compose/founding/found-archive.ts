import { basename, resolve, sep } from 'node:path';
import { openContentStore } from '../../content/open-content-store.ts';
import { ArchiveError } from '../../core/errors.ts';
import { foundLedger } from '../../ledger/founding/found-ledger.ts';
import { acquireOwnerLock } from '../../sqlite/owner-lock.ts';
import { createHome, exists, type HomePaths, homePaths, refuseLostLedger } from '../home.ts';
import { refuseInHome } from '../refuse-in-home.ts';
import { type Environs, systemEnvirons } from '../system.ts';
import { makeHomeFolder } from './make-home-folder.ts';

/** Characters in the name of an archive or an institution, as the charter allows. */
const MAX_NAME = 256;

export interface FoundingOptions {
  /** Name of the archive; the home's parent folder by default. */
  readonly name?: string;
  /** Vets the founder's own institution for custody. */
  readonly institution?: string;
  /** Folders for packs; `packs` in the home by default. */
  readonly packs?: readonly string[];
  /** Where its node answers over HTTP; on loopback and any free port by default. */
  readonly listen?: string;
}

export interface FoundedArchive {
  readonly name: string;
  readonly home: string;
  readonly address: string;
  readonly did: string;
  readonly organisation: string;
  readonly institution: string | null;
}

/**
 * Founds an archive in a home folder, which is made if it is missing.
 *
 * When the promise resolves, key, charter and founding entry are on disk. After a kill it can be run
 * again.
 *
 * @throws {ArchiveError} `home_exists`, `home_locked`, `home_corrupt`, `filesystem_unsuitable`,
 * `input_invalid`, `file_unreadable`, `disk_full`.
 */
export async function foundArchive(
  home: string,
  options: FoundingOptions,
  environs: Environs = systemEnvirons,
): Promise<FoundedArchive> {
  const { name = nameOf(home), institution, listen } = options;
  refuseBadName('archive', name);
  if (institution !== undefined) refuseBadName('institution', institution);
  await makeHomeFolder(home);
  using _owner = acquireOwnerLock(home);
  const packs = options.packs ?? ['packs'];
  const known = homePaths(home, packs);
  await refuseLostLedger(known);
  const isBegun = (await exists(known.settings)) && (await exists(known.ledger));
  if (!isBegun) await refuseForeignPacks(known);
  const paths = isBegun
    ? known
    : await createHome(home, packs, listen === undefined ? {} : { listen });
  const founded = await foundLedger({
    path: paths.ledger,
    keyPath: paths.key,
    name,
    ...(institution === undefined ? {} : { institution }),
    clock: environs.clock,
    randomBytes: environs.randomBytes,
  });
  // Makes the folders of the packs and marks them as this home's.
  await using _content = await openContentStore({
    indexPath: paths.contentIndex,
    packDirectories: paths.packs,
  });
  return { name, home, ...founded, institution: institution ?? null };
}

/** Two archives in one folder of packs would write over each other. */
async function refuseForeignPacks({ home, packs }: HomePaths): Promise<void> {
  for (const folder of packs) {
    if (!folder.startsWith(resolve(home) + sep)) await refuseInHome(folder);
  }
}

/** `./prints/.ringfence` is called `prints`. */
function nameOf(home: string): string {
  const parts = home.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? 'archive';
  return last.startsWith('.') ? (parts.at(-2) ?? 'archive') : basename(home);
}

function refuseBadName(what: string, name: string): void {
  if (name.length >= 1 && name.length <= MAX_NAME) return;
  throw new ArchiveError(
    'input_invalid',
    `an ${what} needs a name of 1 to ${MAX_NAME} characters, not ${name.length}`,
  );
}
