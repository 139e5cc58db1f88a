import { readFile } from 'node:fs/promises';
import { onFile } from '../core/file-fault.ts';

/** Returns a file's bytes; undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return onFile(path, () => Promise.reject(error));
  }
}
