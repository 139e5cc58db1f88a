import { open } from 'node:fs/promises';
import { type Cid, CODEC, codecOf } from '../core/cid.ts';
import { createFileSink, type FileSink, type SunkFile } from './file-sink.ts';

/** A file that grows in a folder; closed when it is disposed, finished or not. */
export interface DiskSink extends FileSink, AsyncDisposable {
  /** Ends the file. Its bytes are on disk then. */
  finish(): Promise<SunkFile>;
}

/**
 * Begins a file that must not be there yet; it has the CID that it would have in the content store. Its nodes,
 * which are in no store, are added to these.
 */
export async function openDiskSink(path: string, nodes: Map<Cid, Uint8Array>): Promise<DiskSink> {
  const file = await open(path, 'wx', 0o600);
  const named = createFileSink({
    async putBlock(cid, bytes) {
      if (codecOf(cid) !== CODEC.raw) nodes.set(cid, bytes);
    },
  });
  return {
    async write(bytes) {
      await file.writeFile(bytes);
      await named.write(bytes);
    },

    async finish() {
      await file.sync();
      return named.finish();
    },

    [Symbol.asyncDispose]: () => file.close(),
  };
}
