import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { makeFolder } from '../core/make-folder.ts';
import type { BackupReport, Backups } from '../core/ports/backup.ts';
import type { CommittedPack } from '../core/ports/content-store.ts';
import type { Clock } from '../core/ports/environment.ts';
import { copyFile, type Summed, sumFile } from './copy-file.ts';
import { copyPacks, type PackSource } from './copy-packs.ts';
import { syncFolder, writeDurably } from './durable.ts';
import { type BackupFile, type BackupManifest, readManifest, writeManifest } from './manifest.ts';
import { sealKey } from './sealed-key.ts';

/** What is backed up: one home, open. */
export interface BackupSource {
  readonly archive: string;
  readonly did: string;
  readonly clock: Clock;
  /** The home's private key, in PEM. */
  readonly keyPath: string;
  /** Small files that are replaced as a whole, by the name they have in the backup. One that is gone is left out. */
  readonly files: () => Promise<ReadonlyMap<string, string>>;
  /** Databases that are in use, each with how to copy it into a file. */
  readonly databases: ReadonlyMap<string, (path: string) => Promise<void>>;
  /** A folder on a disk of which SQLite is sure; copies of databases lie in it for a while. */
  readonly scratch: string;
  /** Returns how many entries the ledger has. */
  readonly entries: () => number;
  /** Returns the packs as they are committed now. */
  readonly packs: () => readonly CommittedPack[];
  readonly verifyPack: PackSource['verifyPack'];
}

type TakeOptions = Parameters<Backups['take']>[0];

/** As {@link Backups.take}. */
export async function takeBackup(
  source: BackupSource,
  options: TakeOptions,
): Promise<BackupReport> {
  const { out, passphrase } = options;
  await onFile(out, () => makeFolder(join(out, 'packs'), { mkdir, stat, dirname }, 0o700));
  const previous = await earlier(out, source);
  const state = `state-${randomBytes(4).toString('hex')}`;
  const folder = join(out, state);
  await onFile(folder, () => mkdir(folder, { mode: 0o700 }));
  try {
    const pem = await onFile(source.keyPath, () => readFile(source.keyPath, 'utf8'));
    await writeDurably(join(folder, 'key.json'), await sealKey(pem, passphrase));
    const entries = source.entries();
    const stateFiles = [
      await described(out, `${state}/key.json`),
      ...(await copyState(source, out, state, options.signal)),
    ];
    // Statements name only bytes that are committed, so packs that are listed later hold them all.
    const packs = options.withPacks ? source.packs() : [];
    const listed = { packs, verifyPack: source.verifyPack };
    const copied = await copyPacks(listed, out, previous?.files ?? [], options);
    const kept = options.withPacks ? [] : (previous?.files.filter(isPack) ?? []);
    const files = [...stateFiles, ...copied.files, ...kept];
    await onFile(out, () => syncFolder(out));
    await writeManifest(out, {
      format: 'ringfence-backup/1',
      archive: source.archive,
      home: source.did,
      made: new Date(source.clock()).toISOString(),
      entries,
      withPacks: options.withPacks,
      state,
      files,
    });
    await removeStale(out, state);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const stateBytes = stateFiles.reduce((sum, { size }) => sum + size, 0);
    return {
      folder: out,
      entries,
      packs: files.filter(isPack).length,
      bytes,
      copiedBytes: stateBytes + copied.bytes,
      copiedPacks: copied.packs,
      problems: copied.problems,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function earlier(out: string, source: BackupSource): Promise<BackupManifest | undefined> {
  const previous = await readManifest(out);
  if (previous === undefined) return undefined;
  if (previous.archive === source.archive && previous.home === source.did) return previous;
  throw new ArchiveError(
    'backup_invalid',
    `${out} holds a backup of another home; name another folder with --out`,
  );
}

async function copyState(
  source: BackupSource,
  out: string,
  state: string,
  signal: AbortSignal | undefined,
): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  for (const [name, copy] of source.databases) {
    const scratch = join(source.scratch, `${state}-${name}`);
    try {
      await copy(scratch);
      files.push(await copyInto(out, `${state}/${name}`, scratch, signal));
    } finally {
      await rm(scratch, { force: true });
    }
  }
  for (const [name, path] of await source.files()) {
    throwIfAborted(signal);
    const bytes = await bytesOf(path);
    if (bytes === undefined) continue;
    const to = `${state}/${name}`;
    await onFile(out, () => makeFolder(dirname(join(out, to)), { mkdir, stat, dirname }, 0o700));
    await writeDurably(join(out, to), bytes);
    files.push(await described(out, to));
  }
  return files;
}

/** Returns what is in a file; undefined if it is there no more. */
async function bytesOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return onFile(path, () => Promise.reject(error));
  }
}

async function copyInto(
  out: string,
  path: string,
  from: string,
  signal: AbortSignal | undefined,
): Promise<BackupFile> {
  const { size } = await onFile(from, () => stat(from));
  return {
    path,
    ...(await copyFile(from, join(out, path), size, wholeOf(from, size), { signal })),
  };
}

async function described(out: string, path: string): Promise<BackupFile> {
  const { size } = await onFile(path, () => stat(join(out, path)));
  return { path, ...(await sumFile(join(out, path), size)) };
}

function wholeOf(path: string, size: number): (copied: Summed) => void {
  return (copied) => {
    if (copied.size === size) return;
    throw new ArchiveError(
      'home_corrupt',
      `${path} has ${copied.size} bytes and should have ${size}; run "ringfence verify"`,
    );
  };
}

/** What an earlier or an interrupted backup has left, once nothing names it any more. */
async function removeStale(out: string, state: string): Promise<void> {
  const stale = (name: string) =>
    (name.startsWith('state-') && name !== state) || name.endsWith('.partial');
  for (const folder of [out, join(out, 'packs')]) {
    const names = await onFile(folder, () => readdir(folder));
    for (const name of names.filter(stale)) {
      const path = join(folder, name);
      await onFile(path, () => rm(path, { recursive: true, force: true }));
    }
  }
}

function isPack({ path }: BackupFile): boolean {
  return path.startsWith('packs/');
}
