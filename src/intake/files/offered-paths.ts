import { realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { faultOf } from '../fault-of.ts';
import { quote } from '../quote.ts';

const AT_ONCE = 64;

/**
 * Paths inside this room are one-byte strings: a character for each byte, whatever its meaning.
 * They compare, sort and join like text and lose nothing of names that are not UTF-8.
 */
export type BytePath = string;

/** One PATH that was offered, resolved. */
export interface OfferedPath {
  /** Where it really is, links followed. */
  readonly path: BytePath;
  /** Its own name as it was offered, which item paths begin with; empty for the root of the disk. */
  readonly label: string;
  readonly isFolder: boolean;
}

interface UnusablePath {
  readonly label: string;
  /** A sentence that names the PATH and what is wrong with it. */
  readonly text: string;
}

/** Resolves what the user typed, in that order; a few at a time, since a shell may give thousands. */
export async function resolveOffered(
  paths: readonly string[],
): Promise<(OfferedPath | UnusablePath)[]> {
  const resolved: (OfferedPath | UnusablePath)[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    resolved.push(...(await Promise.all(paths.slice(at, at + AT_ONCE).map(resolvePath))));
  }
  return resolved;
}

/** A link named here is followed: it was asked for by name. */
async function resolvePath(path: string): Promise<OfferedPath | UnusablePath> {
  const absolute = resolve(path);
  const label = basename(absolute);
  try {
    const real = await realpath(absolute, { encoding: 'latin1' });
    const stats = await stat(absolute);
    if (stats.isDirectory() || stats.isFile()) {
      return { path: real, label, isFolder: stats.isDirectory() };
    }
    return { label, text: `${quote(path)} is neither a file nor a folder; offer files or folders` };
  } catch (error) {
    return { label, text: `${quote(path)} ${faultOf(error)}` };
  }
}

/** Resolves paths to leave out. One that does not exist leaves nothing out, and is no mistake. */
export async function resolveExcluded(paths: readonly string[]): Promise<ReadonlySet<BytePath>> {
  const resolved = paths.map(async (path) => {
    const absolute = resolve(path);
    try {
      return await realpath(absolute, { encoding: 'latin1' });
    } catch {
      return Buffer.from(absolute).toString('latin1');
    }
  });
  return new Set(await Promise.all(resolved));
}

export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

export function joinPath(folder: BytePath, name: BytePath): BytePath {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** Returns the part of `path` below `folder`, empty for the folder itself; undefined when outside. */
export function pathBelow(path: BytePath, folder: BytePath): BytePath | undefined {
  if (path === folder) return '';
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** Returns the innermost of these folders or files that a path is, or lies in; undefined: in none. */
export function enclosing(path: BytePath, set: ReadonlySet<BytePath>): BytePath | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (set.has(at)) return at;
  }
  return set.has('/') ? '/' : undefined;
}
