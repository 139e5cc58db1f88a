import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = new URL('../..', import.meta.url).pathname;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** Says how much of the pages, as they were built, is read before anything shows. */
export function builtPages(): { readonly firstScriptBytes: number } {
  const built = join(ROOT, 'dist', 'web');
  const chunks: Record<string, Chunk> = JSON.parse(
    readFileSync(join(built, '.vite', 'manifest.json'), 'utf8'),
  );
  const first = chunks['index.html'];
  if (first === undefined) throw new Error('the build has no page');
  const files = [first, ...(first.imports ?? []).flatMap((name) => chunks[name] ?? [])];
  const sizes = files.map(({ file }) => gzipSync(readFileSync(join(built, file))).length);
  return { firstScriptBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
