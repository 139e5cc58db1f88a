import type { ChunkPool } from './chunk-pool.ts';

const NONE = new Uint8Array(0);

/**
 * Streams a span of bytes in chunks, reading the next one while one is used. Each is valid until the next one
 * is asked for. `fill` puts into the buffer what begins at a place, and returns what it has filled of it; the
 * stream ends early where that is nothing.
 */
export async function* readAhead(
  { start, end }: { readonly start: number; readonly end: number },
  chunks: ChunkPool,
  fill: (buffer: Uint8Array, at: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const chunkBytes = Math.min(chunks.byteLength, end - start);
  if (chunkBytes <= 0) return;
  // What is one chunk alone is often kept by whoever has asked for it.
  const isLong = chunkBytes < end - start;
  const taken = () => (isLong ? chunks.take() : new Uint8Array(chunkBytes));
  let used = taken();
  let free: Uint8Array = NONE;
  let next = fill(used, start);
  try {
    for (let at = start; at < end; ) {
      const chunk = await next;
      if (chunk.length === 0) return;
      at += chunk.length;
      if (at < end) {
        [used, free] = [free.length === 0 ? taken() : free, used];
        const [buffer, place] = [used, at];
        // Whoever takes this chunk begins to use it first.
        next = nextTurn().then(() => fill(buffer, place));
        next.catch(() => {});
      }
      yield chunk;
    }
  } finally {
    // Nothing is read any more when the reader has ended.
    await next.catch(() => {});
    if (isLong) for (const chunk of [used, free]) if (chunk.length > 0) chunks.give(chunk);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
