import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { did } from '../../core/statements/fields.ts';
import type { KnownKeys } from '../../pull/known-keys.ts';

const schema = z.record(z.string(), did);

/** Returns the keys of nodes and curators that this person has met, in one JSON file. */
export function knownKeysFile(path: string): KnownKeys {
  async function read(): Promise<z.output<typeof schema>> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      return onFile(path, () => Promise.reject(error));
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      const what = `${path} is damaged; delete it, and every key is believed at first sight again`;
      throw new ArchiveError('file_unreadable', what, { cause });
    }
  }
  return {
    get: async (of) => (await read())[of],
    async set(of, key) {
      const known = await read();
      if (known[of] === key) return;
      await onFile(path, async () => {
        await makeFolder(dirname(path), { mkdir, stat, dirname }, 0o700);
        writeDurably(path, `${JSON.stringify({ ...known, [of]: key }, null, 2)}\n`, 0o600);
      });
    },
  };
}
