import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder, writeDurably } from '../content/durable-file.ts';
import type { Cid } from '../core/cid.ts';
import { onFile } from '../core/file-fault.ts';
import type { Revisions } from '../core/ports/revisions.ts';

/** `withdrawn/RELEASE/000001.json` and on, in a home. */
export class RevisionFiles implements Revisions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(release: Cid): Promise<readonly Uint8Array[]> {
    const folder = join(this.#folder, release);
    return onFile(folder, async () => {
      const names = this.#names(folder);
      return names.map((name) => readFileSync(join(folder, name)));
    });
  }

  async append(release: Cid, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#folder, release);
    await onFile(folder, async () => {
      if (mkdirSync(folder, { recursive: true }) !== undefined) {
        syncFolder(this.#folder);
        syncFolder(dirname(this.#folder));
      }
      const number = String(this.#names(folder).length + 1).padStart(6, '0');
      writeDurably(join(folder, `${number}.json`), Buffer.from(bytes).toString(), 0o600);
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
