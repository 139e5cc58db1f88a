import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type {
  LeftRelease,
  RevisionTables,
  WrittenTables,
} from '../../core/ports/revision-tables.ts';
import { cid, hex32, natural } from '../../core/statements/fields.ts';
import { syncFolder } from '../sync-folder.ts';
import type { RetellParts } from './retell-release.ts';

/** What is kept beside the tables of a revision; written last. */
const INDEX = 'index.json';

/** Where tables are written before they are whole. */
const UNFINISHED = 'unfinished';

const index = z.strictObject({
  files: z.record(z.string(), z.strictObject({ cid, size: natural, sha256: hex32 })),
  sums: z.array(z.tuple([cid, hex32])),
  nodes: z.array(z.tuple([cid, z.base64()])),
});

/**
 * Returns tables of revisions that are kept in a folder of their own, `RELEASE/REVISION/metadata.parquet`
 * and so on, which is made when it is needed. It can be deleted: what was in it is written again.
 */
export function openRevisionTables(folder: string, parts: RetellParts): RevisionTables {
  const kept = new Map<Cid, WrittenTables & { readonly revision: number }>();
  const writing = new Map<Cid, { readonly stop: AbortController; ended: Promise<unknown> }>();

  async function written(left: LeftRelease): Promise<WrittenTables | undefined> {
    const { release, revision } = left;
    const known = kept.get(release);
    if (known?.revision === revision && isOf(left, known)) return known;
    const read = await readIndex(join(folder, release, String(revision)));
    if (read === undefined || !isOf(left, read)) return undefined;
    kept.set(release, { ...read, revision });
    return read;
  }

  async function write(left: LeftRelease, signal: AbortSignal): Promise<WrittenTables> {
    const { release, revision } = left;
    const place = join(folder, release);
    return onFile(place, async () => {
      const sums = kept.get(release)?.sums ?? (await earlierSums(place));
      // Earlier revisions are given no more; what a killed process left is of no use.
      kept.delete(release);
      await rm(place, { recursive: true, force: true });
      const unfinished = join(place, UNFINISHED);
      await mkdir(unfinished, { recursive: true, mode: 0o700 });
      // What writes tables is loaded where one is written.
      const { retellRelease } = await import('./retell-release.ts');
      const tables = await retellRelease(left, sums, unfinished, parts, signal);
      const text = indexText(tables);
      await writeFile(join(unfinished, INDEX), text, { flush: true, mode: 0o600 });
      await syncFolder(unfinished);
      signal.throwIfAborted();
      await rename(unfinished, join(place, String(revision)));
      await syncFolder(place);
      kept.set(release, { ...tables, revision });
      return tables;
    });
  }

  return {
    written,

    async write(left, { signal }) {
      const stop = new AbortController();
      const ended = write(left, AbortSignal.any([signal, stop.signal]));
      const own = { stop, ended: Promise.allSettled([ended]) };
      writing.set(left.release, own);
      try {
        return await ended;
      } finally {
        if (writing.get(left.release) === own) writing.delete(left.release);
      }
    },

    async *read({ release, revision }, name, { offset, length }) {
      if (length === 0) return;
      const path = join(folder, release, String(revision), name);
      try {
        yield* createReadStream(path, { start: offset, end: offset + length - 1 });
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
        throw new ArchiveError('busy', `${name} is being written again`, {
          cause,
          retryable: true,
        });
      }
    },

    async drop(release) {
      const under = writing.get(release);
      under?.stop.abort(
        new ArchiveError('aborted', 'the tables were dropped', { retryable: true }),
      );
      await under?.ended;
      kept.delete(release);
      await rm(join(folder, release), { recursive: true, force: true });
    },
  };
}

/** Whether the tables were written for shards as these are. */
function isOf({ shards }: LeftRelease, { sums }: WrittenTables): boolean {
  return shards.values().every((shard) => sums.has(shard.cid));
}

function indexText({ files, sums, nodes }: WrittenTables): string {
  const told = [...nodes].map(([of, bytes]) => [of, Buffer.from(bytes).toString('base64')]);
  return JSON.stringify({ files, sums: [...sums], nodes: told });
}

async function readIndex(place: string): Promise<WrittenTables | undefined> {
  try {
    const read = index.parse(JSON.parse(await readFile(join(place, INDEX), 'utf8')));
    const nodes = read.nodes.map(([cid, bytes]) => [cid, Buffer.from(bytes, 'base64')] as const);
    return { files: read.files, sums: new Map(read.sums), nodes: new Map(nodes) };
  } catch {
    // There is none, or it is damaged: both ways the tables are written again.
    return undefined;
  }
}

/** Returns the sha-256 of shards that tables of earlier revisions tell. */
async function earlierSums(place: string): Promise<ReadonlyMap<Cid, string>> {
  const found = new Map<Cid, string>();
  const names = await readdir(place).catch(() => []);
  for (const name of names) {
    for (const [shard, sum] of (await readIndex(join(place, name)))?.sums ?? [])
      found.set(shard, sum);
  }
  return found;
}
