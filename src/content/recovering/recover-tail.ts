import { ArchiveError } from '../../core/errors.ts';
import type { ContentProblem } from '../../core/ports/content-store.ts';
import type { PackFiles } from '../packs/pack-files.ts';
import { PACK_HEADER } from '../packs/pack-format.ts';
import type { IndexedPack, PackIndex } from '../packs/pack-index.ts';
import type { TailPosition } from '../packs/pack-tail.ts';
import { endOfLog, type LogEnd, type LoggedPack } from './end-of-log.ts';
import { indexFrames, type UnreadableFrame } from './index-frames.ts';

/** Where writing goes on, and what was found wrong on the way. */
export interface Recovery {
  readonly position: TailPosition;
  readonly damage: readonly ContentProblem[];
}

/**
 * Brings packs and index into agreement, after a crash or when the index is lost or older than the
 * packs. What lies behind the committed lengths, up to the last mark, is added to the index; the
 * rest is cut off, since nobody was ever told that it is stored.
 *
 * Reads only what is not committed; with an empty index that is everything. A pack that is missing
 * or shorter than committed is reported and never written to again.
 *
 * @throws {ArchiveError} `home_corrupt` if the index belongs to other packs.
 */
export async function recoverTail(files: PackFiles, index: PackIndex): Promise<Recovery> {
  const known = index.packs;
  const lastKnown = known.at(-1)?.id ?? 0;
  assertKnown(files, index, known);
  const damage = known.flatMap((pack) => shortage(files, pack));
  const log: LoggedPack[] = [];
  const last = known.at(-1);
  if (last !== undefined && shortage(files, last).length === 0) {
    log.push({ id: last.id, committed: last.length });
  }
  for (const id of files.ids.filter((candidate) => candidate > lastKnown)) {
    if (id !== (log.at(-1)?.id ?? lastKnown) + 1) damage.push(missing(files.pathOf(id - 1)));
    log.push({ id, committed: 0 });
  }
  const unreadable: UnreadableFrame[] = [];
  const end = await endOfLog(files, log, known.length === 0);
  for (const pack of log) {
    const length = lengthToKeep(files, pack, end);
    if (length < PACK_HEADER.length) files.remove(pack.id);
    else if (length < files.sizeOf(pack.id)) files.truncate(pack.id, length);
    if (length > pack.committed) {
      unreadable.push(...(await indexFrames(files, index, { ...pack, end: length })));
    }
  }
  const alive = unreadable.filter((frame) => !index.isDead(frame));
  damage.push(...alive.map(({ problem }) => problem));
  return { position: positionAfter(files, index, damage), damage };
}

function assertKnown(files: PackFiles, index: PackIndex, known: readonly IndexedPack[]): void {
  const ids = new Set(known.map((pack) => pack.id));
  const last = known.at(-1)?.id ?? 0;
  const stray = files.ids.find((id) => id < last && !ids.has(id));
  if (stray === undefined) return;
  throw new ArchiveError(
    'home_corrupt',
    `the index ${index.path} does not know ${files.pathOf(stray)}; move the index away, and it is ` +
      'rebuilt from the packs',
  );
}

/** Returns what is wrong with a pack that is missing or shorter than the index says. */
function shortage(files: PackFiles, pack: IndexedPack): ContentProblem[] {
  const path = files.pathOf(pack.id);
  if (files.get(pack.id) === undefined) return [missing(path)];
  const size = files.sizeOf(pack.id);
  if (size >= pack.length) return [];
  const text = `${path} has ${size} bytes where ${pack.length} were stored; restore it from a copy`;
  return [{ code: 'home_corrupt', subject: path, text }];
}

function missing(path: string): ContentProblem {
  return { code: 'home_corrupt', subject: path, text: `the pack ${path} is missing; restore it` };
}

function lengthToKeep(files: PackFiles, pack: LoggedPack, end: LogEnd | undefined): number {
  if (end === undefined || pack.id > end.pack) return pack.committed;
  return pack.id < end.pack ? files.sizeOf(pack.id) : Math.max(pack.committed, end.length);
}

/** Returns the end of the last pack, if that is sound; otherwise a new pack begins. */
function positionAfter(
  files: PackFiles,
  index: PackIndex,
  damage: readonly ContentProblem[],
): TailPosition {
  const last = index.packs.at(-1);
  const nextId = Math.max(files.ids.at(-1) ?? 0, last?.id ?? 0) + 1;
  const isSound =
    last !== undefined && !damage.some(({ subject }) => subject === files.pathOf(last.id));
  return isSound
    ? { pack: last.id, length: last.length, nextId }
    : { pack: undefined, length: 0, nextId };
}
