import type { ServerResponse } from 'node:http';

/** Writes a chunk; resolves when there is room for the next, or when nobody reads any more. */
export function written(res: ServerResponse, chunk: string | Uint8Array): Promise<void> {
  if (res.destroyed || res.write(chunk)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}

/**
 * Writes a chunk; resolves when the system has taken it, so that its buffer can be used again, or when
 * nobody reads any more.
 */
export function flushed(res: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (res.destroyed || chunk.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      res.off('close', done);
      resolve();
    };
    res.on('close', done);
    res.write(chunk, done);
  });
}
