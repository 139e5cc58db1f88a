import type { Blocks } from './blocks.ts';
import { dagNode } from './dag-node.ts';
import type { Resolved } from './resolve-path.ts';
import { type Span, walkDag } from './walk-dag.ts';

/**
 * Yields the bytes of a part of a file, block by block. Reads no block in which none of them are.
 *
 * @throws {ArchiveError} as `walkDag`.
 */
export async function* readDagFile(
  blocks: Blocks,
  file: Pick<Resolved, 'cid'>,
  span: Span,
): AsyncGenerator<Uint8Array> {
  const walked = walkDag(
    blocks,
    { cid: file.cid, way: [file.cid] },
    { scope: 'entity', dups: true, span },
  );
  for await (const { cid, bytes, start } of walked) {
    const node = dagNode(cid, bytes);
    if (node.kind !== 'file' || node.inline.length === 0) continue;
    const from = Math.max(0, span.from - start);
    const to = Math.min(node.inline.length, span.to + 1 - start);
    if (from < to) yield node.inline.subarray(from, to);
  }
}
