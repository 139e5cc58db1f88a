import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { writeDurably } from './durable.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const file = z.strictObject({
  /** Below the backup's folder. Pack files may have grown since: only the first `size` bytes count. */
  path: z
    .string()
    .regex(
      /^(packs\/\d{8}\.car|state-[0-9a-f]{8}(\/[a-z0-9_]{1,128}){0,2}\/[a-z0-9_]{1,64}\.(db|json))$/,
    ),
  size: z.number().int().nonnegative(),
  sha256,
  /** Of a pack: how many of its bytes had been overwritten because blocks were destroyed. */
  wipedBytes: z.number().int().nonnegative().optional(),
  /** Of a pack that was damaged in the home; what is whole of it is here. */
  isDamaged: z.literal(true).optional(),
});

const manifest = z.strictObject({
  format: z.literal('ringfence-backup/1'),
  /** The archive's address and the key of the home. */
  archive: z.string(),
  home: z.string(),
  made: z.string(),
  entries: z.number().int().nonnegative(),
  withPacks: z.boolean(),
  /** The folder of everything but packs. */
  state: z.string().regex(/^state-[0-9a-f]{8}$/),
  files: z.array(file),
});

const sealed = z.strictObject({ manifest, sha256 });

export type BackupFile = z.output<typeof file>;
export type BackupManifest = z.output<typeof manifest>;

const MANIFEST = 'backup.json';

/** Makes what the manifest lists the backup that the folder holds. Durable when the promise resolves. */
export async function writeManifest(folder: string, value: BackupManifest): Promise<void> {
  const text = JSON.stringify({ manifest: value, sha256: digestOf(value) }, null, 2);
  await writeDurably(join(folder, MANIFEST), Buffer.from(`${text}\n`));
}

/**
 * Returns what a folder holds; undefined if no backup in it was ever finished.
 *
 * @throws {ArchiveError} `backup_invalid` if the manifest is damaged or of a newer version.
 */
export async function readManifest(folder: string): Promise<BackupManifest | undefined> {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return onFile(path, () => Promise.reject(error));
  }
  const read = sealed.safeParse(parseJson(text));
  if (read.success && read.data.sha256 === digestOf(read.data.manifest)) return read.data.manifest;
  throw new ArchiveError(
    'backup_invalid',
    `${path} is damaged or of a newer version; use another backup, or upgrade`,
  );
}

/** @throws {ArchiveError} `backup_invalid` also where there is none. */
export async function requireManifest(folder: string): Promise<BackupManifest> {
  const found = await readManifest(folder);
  if (found !== undefined) return found;
  throw new ArchiveError(
    'backup_invalid',
    `${folder} holds no finished backup: ${MANIFEST}, which is written last, is missing`,
  );
}

/** Keys stand in the order of the schema, whoever wrote them. */
function digestOf(value: BackupManifest): string {
  return createHash('sha256')
    .update(JSON.stringify(manifest.parse(value)))
    .digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
