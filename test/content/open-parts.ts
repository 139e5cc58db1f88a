import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PackFiles } from '../../src/content/packs/pack-files.ts';
import { PackIndex } from '../../src/content/packs/pack-index.ts';
import { PackReader } from '../../src/content/packs/pack-reader.ts';
import { PackTail } from '../../src/content/packs/pack-tail.ts';
import { PackWriter } from '../../src/content/packs/pack-writer.ts';
import { LeafWorkers } from '../../src/content/taking/leaf-workers.ts';

/** Puts an empty store together by hand, for tests that need its parts. */
export function openParts(folder: string, maxPackBytes = 2 ** 31) {
  const path = join(folder, 'packs');
  mkdirSync(path);
  const directory = { id: 'only', path };
  const stack = new AsyncDisposableStack();
  const files = stack.use(new PackFiles([directory]));
  const index = stack.use(PackIndex.open(join(folder, 'content.db')));
  index.identify('store', [directory]);
  const workers = stack.use(new LeafWorkers(2));
  const tail = new PackTail(files, maxPackBytes, { pack: undefined, length: 0, nextId: 1 });
  const writer = new PackWriter(files, tail, index);
  const reader = new PackReader(files, writer);
  const dispose = () => stack.disposeAsync();
  return { files, index, workers, tail, writer, reader, [Symbol.asyncDispose]: dispose };
}
