import { createHash } from 'node:crypto';
import { encodeLeaf, type FileBlock } from '../core/unixfs/file-node.ts';
import { createFileTree } from '../core/unixfs/file-tree.ts';
import { digest } from './digest.ts';
import type { FileSink } from './file-sink.ts';
import type { ReleaseContent } from './release-content.ts';

/** Blocks put together. */
const BATCH_BLOCKS = 512;

/**
 * Begins a file whose every `write` is a block of its own, so that one line can be destroyed and the
 * others be read. A write of nothing adds nothing.
 */
export function createLineSink(content: Pick<ReleaseContent, 'putBlock'>): FileSink {
  const tree = createFileTree({ sha256: digest });
  const total = createHash('sha256');
  let waiting: FileBlock[] = [];
  let size = 0;

  async function put(blocks: readonly FileBlock[]): Promise<void> {
    waiting.push(...blocks);
    if (waiting.length >= BATCH_BLOCKS) await flush();
  }

  async function flush(): Promise<void> {
    await Promise.all(waiting.map(({ cid, bytes }) => content.putBlock(cid, bytes)));
    waiting = [];
  }

  return {
    async write(line) {
      if (line.length === 0) return;
      total.update(line);
      size += line.length;
      const leaf = encodeLeaf(line, digest);
      await put([leaf, ...tree.add(leaf)]);
    },

    async finish() {
      const { root, blocks } = tree.finish();
      await put(blocks);
      await flush();
      return { cid: root.cid, size, dagSize: root.dagSize, sha256: total.digest('hex') };
    },
  };
}
