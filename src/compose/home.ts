import { access, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../content/packs/durable-file.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import type { PeerAddress } from '../core/ports/network.ts';
import { type GivenSettings, type SettledSettings, settle } from './settings/effective-settings.ts';
import {
  HOME_VERSION,
  type HomeSettings,
  homeSettings,
  type NetworkSettings,
} from './settings/settings.ts';

/** The files of a home folder. */
export interface HomePaths {
  readonly home: string;
  readonly settings: string;
  readonly key: string;
  readonly ledger: string;
  readonly catalog: string;
  /** What this home has cosigned of others' trees. */
  readonly witness: string;
  readonly contentIndex: string;
  /** Blocks that are served and are no part of the archive. */
  readonly served: string;
  /** What people without an account object to. */
  readonly objections: string;
  /** What assets are at a glance; made again when they are gone. */
  readonly previews: string;
  /** What is looked at and not kept. */
  readonly passing: string;
  /** Where members are reached, as they have said. */
  readonly knownPeers: string;
  /** Who is told of events. */
  readonly webhooks: string;
  /** Which browsers act as the owner. */
  readonly browsers: string;
  /** Withdrawal lists of releases. */
  readonly withdrawn: string;
  /** Tables of what is left of releases; written again when they are gone. */
  readonly revisionTables: string;
  /** Shards as whole files; made again when they are gone. */
  readonly hotShards: string;
  /** How far what others have registered as generated was compared. */
  readonly compared: string;
  /** How partners stood from time to time. */
  readonly copyHistory: string;
  readonly packs: readonly string[];
}

/** Folders of a home with small files that nothing else holds. */
export const FOLDERS_OF_WORDS = ['objections', 'withdrawn'] as const;

/** The files of an existing home, and its settings as they hold. */
export interface OpenedHome
  extends HomePaths,
    Pick<HomeSettings, 'network' | 'releases' | 'replica' | 'screening' | 'likeness'> {}

export function homePaths(home: string, packs: readonly string[]): HomePaths {
  return {
    home,
    settings: join(home, 'ringfence.json'),
    key: join(home, 'key.pem'),
    ledger: join(home, 'ledger.db'),
    catalog: join(home, 'catalog.db'),
    witness: join(home, 'witness.db'),
    contentIndex: join(home, 'content.db'),
    served: join(home, 'served'),
    objections: join(home, 'objections'),
    previews: join(home, 'previews'),
    passing: join(home, 'passing'),
    knownPeers: join(home, 'known-peers.json'),
    webhooks: join(home, 'webhooks.json'),
    browsers: join(home, 'browsers.json'),
    withdrawn: join(home, 'withdrawn'),
    revisionTables: join(home, 'revision-tables'),
    hotShards: join(home, 'hot-shards'),
    compared: join(home, 'compared.json'),
    copyHistory: join(home, 'copy-history.json'),
    packs: packs.map((folder) => resolve(home, folder)),
  };
}

/**
 * Writes the settings of a new home into its folder. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `disk_full`, `file_unreadable` if the folder cannot be written.
 */
export async function createHome(
  home: string,
  packs: readonly string[],
  settings: { readonly listen?: string; readonly network?: Partial<NetworkSettings> } = {},
): Promise<HomePaths> {
  const paths = homePaths(home, packs);
  const value = { version: HOME_VERSION, packs: [...packs], network: {}, ...settings };
  const text = `${JSON.stringify(value, null, 2)}\n`;
  await onFile(paths.settings, async () => writeDurably(paths.settings, text, 0o600));
  return paths;
}

/**
 * Returns the files of an existing home.
 *
 * @throws {ArchiveError} as {@link readSettings}; `home_corrupt` if its ledger is gone.
 */
export async function openHome(home: string, given: GivenSettings = {}): Promise<OpenedHome> {
  const { values } = await readSettings(home, given);
  const { packs, network, releases, replica, screening, likeness } = values;
  const paths = homePaths(home, packs);
  await refuseLostLedger(paths);
  return { ...paths, network, releases, replica, screening, likeness };
}

/**
 * Returns the settings of an existing home: what `ringfence.json` says, unless it is overruled.
 *
 * @throws {ArchiveError} `home_missing`, `home_newer`, `home_corrupt`, `file_unreadable` where this user may not
 * read it; `usage_invalid` for a variable or an option that cannot be used.
 */
export async function readSettings(
  home: string,
  given: GivenSettings = {},
): Promise<SettledSettings> {
  const path = join(home, 'ringfence.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'EACCES', 'EPERM')) {
      const text = `${path} may not be read by this user; run it as the user that the home belongs to`;
      throw new ArchiveError('file_unreadable', text, { cause });
    }
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) {
      const text = `${path} cannot be read; check the disk that it lies on`;
      throw new ArchiveError('home_corrupt', text, { cause });
    }
    throw new ArchiveError(
      'home_missing',
      `there is no archive in ${home}; found one with "ringfence init", or name another with --home`,
    );
  }
  const file = parseJson(text);
  const read = homeSettings.safeParse(file);
  if (!read.success) {
    const newer = z.looseObject({ version: z.number().min(HOME_VERSION + 1) }).safeParse(file);
    if (newer.success) throw newerHome(home);
    const why = file === undefined ? 'it is not JSON' : z.prettifyError(read.error);
    throw new ArchiveError(
      'home_corrupt',
      `${path} cannot be used (${why}); correct it, or begin again with {"version":1,"packs":["packs"]}`,
    );
  }
  if (read.data.version > HOME_VERSION) throw newerHome(home);
  return settle(file, given);
}

/**
 * Returns the settings of a restored home: those of the old one, but with all packs in the home.
 *
 * @throws {ArchiveError} `backup_invalid`.
 */
export function restoredSettings(text: string): string {
  const old = parseJson(text);
  if (!homeSettings.safeParse(old).success) {
    throw new ArchiveError('backup_invalid', 'the settings in it are damaged');
  }
  return `${JSON.stringify({ ...Object(old), packs: ['packs'] }, null, 2)}\n`;
}

/**
 * Returns settings that have other peers kept connected, and which these are.
 *
 * @throws {ArchiveError} `home_corrupt`, `usage_invalid` for peers that settings cannot have.
 */
export function settingsWithPeers(
  text: string,
  change: (peers: readonly PeerAddress[]) => readonly PeerAddress[],
): { readonly text: string; readonly peers: readonly PeerAddress[] } {
  const old = parseJson(text);
  const read = homeSettings.safeParse(old);
  if (!read.success) throw new ArchiveError('home_corrupt', z.prettifyError(read.error));
  const peers = change(read.data.network.peers);
  const value = { ...Object(old), network: { ...Object(old).network, peers } };
  const changed = homeSettings.safeParse(value);
  if (!changed.success) throw new ArchiveError('usage_invalid', z.prettifyError(changed.error));
  return { text: `${JSON.stringify(value, null, 2)}\n`, peers };
}

/**
 * Refuses a home whose ledger is gone or empty: what is founded there would be another archive, over the
 * bytes of the lost one. A home that was never finished has no content index yet, and is let through.
 *
 * @throws {ArchiveError} `home_corrupt`.
 */
export async function refuseLostLedger({ ledger, contentIndex }: HomePaths): Promise<void> {
  if (!(await exists(contentIndex))) return;
  const isThere = await exists(ledger);
  if (isThere && (await stat(ledger)).size > 0) return;
  throw new ArchiveError(
    'home_corrupt',
    `${ledger} is ${isThere ? 'empty' : 'missing'}, and the ledger cannot be made again; ` +
      'restore it from a backup',
  );
}

/** Says whether there is anything of that name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function newerHome(home: string): ArchiveError {
  return new ArchiveError(
    'home_newer',
    `the archive in ${home} was written by a newer version of the program; upgrade to open it`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
