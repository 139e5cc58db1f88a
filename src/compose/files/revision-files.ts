import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder, writeDurably } from '../../content/packs/durable-file.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Revisions } from '../../core/ports/revisions.ts';

/** `withdrawn/RELEASE/000001.json` and on, in a home. */
export class RevisionFiles implements Revisions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(release: Cid): Promise<readonly Uint8Array[]> {
    const folder = join(this.#folder, release);
    return onFile(folder, async () =>
      this.#names(folder).map((name, index) => {
        if (name !== nameOf(index + 1)) {
          throw new ArchiveError('home_corrupt', `${join(folder, nameOf(index + 1))} is missing`);
        }
        return readFileSync(join(folder, name));
      }),
    );
  }

  async append(release: Cid, revision: number, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#folder, release);
    await onFile(folder, async () => {
      mkdirSync(folder, { recursive: true });
      // A folder that a killed process has made may not be durable.
      if (revision === 1) {
        syncFolder(this.#folder);
        syncFolder(dirname(this.#folder));
      }
      writeDurably(join(folder, nameOf(revision)), Buffer.from(bytes).toString(), 0o600);
    });
  }

  #names(folder: string): readonly string[] {
    try {
      return readdirSync(folder)
        .filter((name) => /^\d{6,}\.json$/.test(name))
        .sort();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}

function nameOf(revision: number): string {
  return `${String(revision).padStart(6, '0')}.json`;
}
