import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import type { WantedFile } from './agree.ts';
import type { FileLeaves } from './file-leaves.ts';
import { PartFile } from './part-file.ts';
import type { PullParts } from './parts.ts';
import { type EarlierPull, reuseFile } from './reuse-file.ts';

/** A file of a release as it lies in the folder. */
export interface FetchedFile {
  readonly name: string;
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  /** Whether any of it had to be asked for, and was neither there nor in an earlier pull. */
  readonly isFetched: boolean;
}

export interface FetchOptions {
  readonly folder: string;
  /** Where files lie until they are whole. */
  readonly unfinished: string;
  /** Somebody may be reading what lies in the folder: nothing of it is changed. */
  readonly isFinished: boolean;
  /** A pull from before, whose files are taken where they are the same. */
  readonly earlier: EarlierPull | undefined;
  readonly signal: AbortSignal;
  notice(text: string): void;
  /** Told how many bytes more are here. */
  onBytes(bytes: number): void;
}

/**
 * Brings one file into the folder, each block hashed before it is written. What lies there of it already
 * is read back and kept as far as it is right. Holders are asked one after the other: one that sends a
 * wrong block, or breaks off again and again, is named, and the next one goes on from there.
 *
 * @throws {ArchiveError} `peer_invalid` or `peer_unreachable` naming every holder and what it did;
 * `content_withdrawn` where the revision is no more the newest; `export_conflict`, `disk_full`, `aborted`.
 */
export async function fetchFile(
  file: WantedFile,
  { sha256: hash }: Pick<PullParts, 'sha256'>,
  options: FetchOptions,
): Promise<FetchedFile> {
  const { folder, unfinished, isFinished, earlier, onBytes } = options;
  const failures: ArchiveError[] = [];
  const path = join(folder, file.name);
  const reused = earlier && !(await isThere(path)) && (await reuseFile(file, earlier, path));
  if (reused) {
    onBytes(reused.size);
    // The same bytes may have had another name.
    return { ...reused, name: file.name, isFetched: false };
  }
  const wanted = await leavesFrom(file, failures, options);
  const partial = join(unfinished, `${file.name}.part`);
  const told = { name: file.name, cid: wanted.cid, size: wanted.size };
  if (await isThere(path)) {
    const sha256 = await PartFile.digestOf(path, wanted, hash);
    if (sha256 !== undefined) {
      onBytes(wanted.size);
      return { ...told, sha256, isFetched: false };
    }
    if (isFinished) throw conflict(path);
    await onFile(path, () => setAside(path, partial));
  }
  await using part = await PartFile.open(partial, wanted, hash);
  onBytes(part.offset);
  for (const holder of file.holders) {
    if (part.isWhole) break;
    const filling = { ...options, name: file.name };
    await attempt(failures, file.name, options, () => holder.fill(part, wanted, filling));
  }
  if (!part.isWhole) throw together(failures);
  await part.sync();
  const sha256 = part.digest();
  checkDigest(file, sha256);
  await onFile(path, () => rename(partial, path));
  return { ...told, sha256, isFetched: true };
}

/** Makes a file that is not right the beginning of one that is; one that others hold too is left to them. */
async function setAside(path: string, partial: string): Promise<void> {
  const { nlink } = await lstat(path);
  await (nlink > 1 ? rm(path) : rename(path, partial));
}

async function leavesFrom(
  file: WantedFile,
  failures: ArchiveError[],
  options: FetchOptions,
): Promise<FileLeaves> {
  for (const holder of file.holders) {
    const leaves = await attempt(failures, file.name, options, () => holder.leaves(file));
    if (leaves !== undefined) return leaves;
  }
  throw together(failures);
}

/** Runs what another holder may do as well; what concerns this one alone is noted and told. */
async function attempt<T>(
  failures: ArchiveError[],
  name: string,
  { notice, signal }: FetchOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    throwIfAborted(signal);
    const isOfHolder = error instanceof ArchiveError && !OURS.has(error.code);
    if (!isOfHolder) throw error;
    failures.push(error);
    notice(`${name}: ${error.message}`);
    return undefined;
  }
}

/** What no other holder would do better. */
const OURS: ReadonlySet<string> = new Set([
  ...['disk_full', 'file_unreadable', 'export_conflict', 'content_withdrawn', 'aborted'],
]);

function together(failures: readonly ArchiveError[]): ArchiveError {
  const [first, ...others] = failures;
  if (first === undefined) return new ArchiveError('internal', 'nobody was asked');
  if (others.length === 0) return first;
  const text = failures.map(({ message }) => message).join('; ');
  return new ArchiveError(first.code, text, { cause: new AggregateError(failures) });
}

function checkDigest({ name, sha256, withheld }: WantedFile, found: string): void {
  if (withheld.size > 0 || found === sha256) return;
  throw new ArchiveError('release_invalid', `${name} has another sha-256 than release.json says`);
}

/** @throws {ArchiveError} `export_conflict` for what is no file: a link may lead anywhere. */
async function isThere(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (found.isFile()) return true;
    throw conflict(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    return onFile(path, () => Promise.reject(error));
  }
}

function conflict(path: string): ArchiveError {
  return new ArchiveError(
    'export_conflict',
    `${path} is not this file of the release, and is not changed under whoever reads it; pull into another folder, or with --update`,
  );
}
