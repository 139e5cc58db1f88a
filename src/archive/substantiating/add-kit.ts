import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { KitForm } from '../../core/ports/kit-files.ts';
import type { Archive } from '../archive.ts';
import { type Substantiated, substantiate } from './substantiate.ts';

const MAX_FILES = 1024;
const DAY_MS = 86_400_000;

interface KitFile {
  readonly name: string;
  readonly sha256: string;
  readonly form: KitForm;
  /** Day of the last save, counted from 1970. */
  readonly day: number;
}

export interface AddedKit extends Substantiated {
  /** How many files of each form. */
  readonly forms: Readonly<Record<KitForm, number>>;
  /** Days on which files were saved. */
  readonly days: number;
}

/**
 * Commits the working files of an asset by their sha-256 (evidence class P); their bytes stay sealed with
 * whoever has them, their names lie in a record. A kit is shown if it has a layered file with a film or
 * saves of two days, or a RAW file among three; whether it explains the work is for a reviewer. Any other
 * is `not-shown`, which counts neither for the work nor against it. Durable when it resolves.
 *
 * @throws {ArchiveError} `usage_invalid` for no files or more than 1,024, `file_unreadable`,
 * `statement_rejected`, `aborted`.
 */
export async function addKit(
  asset: Cid,
  folder: string,
  archive: Archive,
  signal: AbortSignal,
): Promise<AddedKit> {
  const files = await readKit(folder, archive, signal);
  const forms = { layered: 0, raw: 0, film: 0, other: 0 };
  for (const { form } of files) forms[form]++;
  const days = new Set(files.map(({ day }) => day)).size;
  const isLayered = forms.layered > 0 && (forms.film > 0 || days > 1);
  const isSequence = forms.raw > 0 && files.length > 2;
  const said = {
    class: 'process' as const,
    method: 'process-kit',
    outcome: isLayered || isSequence ? ('shown' as const) : ('not-shown' as const),
    existedBy: null,
    digests: [...new Set(files.map(({ sha256 }) => sha256))].sort(),
  };
  const text = JSON.stringify(files).slice(0, 262_144);
  const raw = [
    { inspector: 'process-kit', where: 'files', text, truncated: text.length === 262_144 },
  ];
  return { ...(await substantiate(asset, said, raw, archive)), forms, days };
}

async function readKit(
  folder: string,
  { intake, kitFiles, ownFolders }: Archive,
  signal: AbortSignal,
): Promise<readonly KitFile[]> {
  const files: KitFile[] = [];
  for await (const item of intake.walkFiles([folder], { exclude: ownFolders, signal })) {
    if (item.kind === 'problem') throw new ArchiveError(item.code, item.text);
    if (item.kind === 'skipped') continue;
    if (files.length === MAX_FILES) {
      throw new ArchiveError(
        'usage_invalid',
        `a kit has at most ${MAX_FILES} files; leave some out`,
      );
    }
    const read = await kitFiles.read(item.path, signal);
    files.push({ name: item.relative, ...read, day: Math.floor(item.modifiedMs / DAY_MS) });
  }
  if (files.length === 0) throw new ArchiveError('usage_invalid', `${folder} holds no files`);
  return files;
}
