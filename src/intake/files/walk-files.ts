import { lstatSync, type Stats } from 'node:fs';
import { opendir, realpath } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../core/abort.ts';
import { ArchiveError } from '../../core/errors.ts';
import type {
  Fetched,
  OfferProblem,
  SkipReason,
  WalkItem,
  WalkOptions,
} from '../../core/ports/intake.ts';
import { COMPANION, companionOf } from '../crawls/companion.ts';
import { faultOf } from '../fault-of.ts';
import { quote } from '../quote.ts';
import {
  type BytePath,
  enclosing,
  joinPath,
  type OfferedPath,
  pathBelow,
  resolveExcluded,
  resolveOffered,
  toBytes,
} from './offered-paths.ts';
import { SortedNames } from './sorted-names.ts';
import { textOfName } from './text-of-name.ts';

/**
 * Looks at files, and names of a folder, between two turns of other work. A promise for each would cost
 * several times the call itself; so many calls take a moment even on a disk in the network.
 */
const LOOKS = 16;
const NAMES = 256;

/** A folder that is being walked: its names are read whole, then taken one by one. */
interface OpenFolder {
  readonly path: BytePath;
  readonly relative: string;
  readonly names: SortedNames;
}

/** What decides which of the things met are taken. */
interface Scope {
  readonly hidden: boolean;
  readonly excluded: ReadonlySet<BytePath>;
  /** Everything offered, to tell links inside from links outside. */
  readonly offered: ReadonlySet<BytePath>;
  /** Offered and walked before: met again, it is not given again. */
  readonly walked: Set<BytePath>;
}

/**
 * Yields every file under the PATHs once (see the port). Memory: the names of the folders on the way
 * from a PATH to the current file that are still to be visited; nothing else grows.
 *
 * Two PATHs that overlap are told apart by their resolved paths, not by remembering files, so two
 * hard links to one file are two files. Links are not followed, so there are no loops; a tree that
 * never ends (some network file systems) ends where the system's longest path does.
 */
export async function* walkFiles(
  paths: readonly string[],
  options: WalkOptions = {},
): AsyncGenerator<WalkItem, void, undefined> {
  const resolved = await resolveOffered(paths);
  const scope: Scope = {
    hidden: options.hidden ?? false,
    excluded: await resolveExcluded(options.exclude ?? []),
    offered: new Set(resolved.flatMap((offered) => ('path' in offered ? [offered.path] : []))),
    walked: new Set(),
  };
  for (const offered of resolved) {
    throwIfAborted(options.signal);
    if ('text' in offered) {
      yield problem(offered.label, offered.text);
      continue;
    }
    const reason = reasonToSkip(offered, scope);
    if (reason !== undefined) {
      yield { kind: 'skipped', relative: offered.label, reason };
      continue;
    }
    yield* walkOffered(offered, scope, options.signal);
    scope.walked.add(offered.path);
  }
}

async function* walkOffered(
  offered: OfferedPath,
  scope: Scope,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkItem, void, undefined> {
  const open: OpenFolder[] = [];
  let count = 0;
  let met: Met | undefined = await meetOffered(offered);
  while (met !== undefined) {
    throwIfAborted(signal);
    count += 1;
    if (count % LOOKS === 0) await setImmediate();
    if (met.kind === 'folder') {
      const { names, fault } = await readNames(met.path);
      if (fault !== undefined) {
        yield problem(met.relative, `the folder ${quote(met.relative)} ${fault}`);
      }
      open.push({ path: met.path, relative: met.relative, names });
    } else {
      yield met;
    }
    met = await meetNext(open, scope);
  }
}

type Met =
  | WalkItem
  | { readonly kind: 'folder'; readonly path: BytePath; readonly relative: string };

async function meetOffered(offered: OfferedPath): Promise<Met> {
  const { path, label } = offered;
  if (offered.isFolder) return { kind: 'folder', path, relative: label };
  return look(path, label, label, undefined);
}

/** Looks at the next thing of the innermost folder that has one left; undefined at the end. */
async function meetNext(open: OpenFolder[], scope: Scope): Promise<Met | undefined> {
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    const name = folder.names.take();
    if (name !== undefined) return meet(joinPath(folder.path, name), name, folder, scope);
    open.pop();
  }
  return undefined;
}

async function meet(
  path: BytePath,
  name: BytePath,
  folder: OpenFolder,
  scope: Scope,
): Promise<Met> {
  const text = textOfName(toBytes(name));
  const relative = folder.relative === '' ? text : `${folder.relative}/${text}`;
  const skip = (reason: SkipReason): Met => ({ kind: 'skipped', relative, reason });
  if (scope.excluded.has(path)) return skip('excluded');
  if (scope.walked.has(path)) return skip('repeated');
  if (!scope.hidden && name.startsWith('.')) return skip('hidden');
  if (isCompanion(path)) return skip('companion');
  return look(path, text, relative, scope);
}

/** Looks at what lies there. `scope` is absent for an offered file, which cannot be a link any more. */
async function look(
  path: BytePath,
  name: string,
  relative: string,
  scope: Scope | undefined,
): Promise<Met> {
  let stats: Stats;
  try {
    stats = lstatSync(toBytes(path));
    if (stats.isSymbolicLink() && scope !== undefined) {
      const target = await realpath(toBytes(path), { encoding: 'latin1' });
      const inside = enclosing(target, scope.offered) !== undefined;
      return { kind: 'skipped', relative, reason: inside ? 'link-inside' : 'link-outside' };
    }
  } catch (error) {
    return problem(relative, `${quote(relative)} ${faultOf(error)}`);
  }
  if (stats.isDirectory()) return { kind: 'folder', path, relative };
  if (!stats.isFile()) {
    return problem(
      relative,
      `${quote(relative)} is ${typeOf(stats)}, not a file; remove or exclude it`,
    );
  }
  let fetched: Fetched | undefined;
  try {
    fetched = await companionOf(toBytes(path), name);
  } catch (error) {
    const why = error instanceof ArchiveError ? error.message : faultOf(error);
    return problem(
      relative,
      `the recorded response ${quote(relative + COMPANION)} cannot be read (${why}), so what it ` +
        'reserves is not known; mend or remove it',
      'input_invalid',
    );
  }
  return {
    ...{ kind: 'file', path: toBytes(path), name, relative, fetched },
    size: stats.size,
    modifiedMs: stats.mtimeMs,
  };
}

/** Says whether it lies beside the file whose response it keeps. */
function isCompanion(path: BytePath): boolean {
  if (!path.endsWith(COMPANION)) return false;
  const file = toBytes(path).subarray(0, -COMPANION.length);
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Reads the names of a folder. What was read before a fault is given with it. */
async function readNames(
  path: BytePath,
): Promise<{ readonly names: SortedNames; readonly fault: string | undefined }> {
  const names = new SortedNames();
  try {
    await using folder = await opendir(toBytes(path), { encoding: 'latin1', bufferSize: NAMES });
    let count = 0;
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      names.add(entry.name);
      count += 1;
      if (count % NAMES === 0) await setImmediate();
    }
    return { names, fault: undefined };
  } catch (error) {
    return { names, fault: faultOf(error) };
  }
}

/** Says whether all that a PATH names is left out, or was given through an earlier PATH. */
function reasonToSkip(offered: OfferedPath, scope: Scope): SkipReason | undefined {
  if (enclosing(offered.path, scope.excluded) !== undefined) return 'excluded';
  const walked = enclosing(offered.path, scope.walked);
  if (walked === undefined) return undefined;
  const below = pathBelow(offered.path, walked) ?? '';
  return scope.hidden || !/(^|\/)\./.test(below) ? 'repeated' : undefined;
}

function typeOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  if (stats.isSymbolicLink()) return 'a link';
  return 'a device';
}

function problem(
  relative: string,
  text: string,
  code: OfferProblem['code'] = 'file_unreadable',
): OfferProblem {
  return { kind: 'problem', code, relative, text };
}
