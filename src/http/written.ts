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
