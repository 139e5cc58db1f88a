import { writeFileSync } from 'node:fs';
import { CarBufferWriter } from '@ipld/car';
import * as dagCbor from '@ipld/dag-cbor';
import * as dagPb from '@ipld/dag-pb';
import { importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';

/** Blocks of DAGs that a test makes, and CAR files of them. */
export interface DagBuilder {
  readonly blocks: ReadonlyMap<string, { readonly cid: CID; readonly bytes: Uint8Array }>;
  /** Stores files by their paths, and what is above them; returns the CID of each path, `''` the top. */
  files(
    contents: Readonly<Record<string, string | Uint8Array>>,
    shape?: { readonly chunk?: number; readonly version?: 0 | 1; readonly sharded?: boolean },
  ): Promise<ReadonlyMap<string, CID>>;
  put(codec: number, bytes: Uint8Array): Promise<CID>;
  document(value: unknown): Promise<CID>;
  directory(links: readonly (readonly [name: string, cid: CID])[]): Promise<CID>;
  symlink(target: string): Promise<CID>;
  /** Writes a CAR file of everything that was made but for some blocks. */
  writeCar(path: string, roots: readonly CID[], without?: readonly CID[]): void;
}

/** Type 1, a directory; type 4, a symbolic link (UnixFS `Data`). */
const DIRECTORY = Uint8Array.of(8, 1);

export function createDagBuilder(): DagBuilder {
  const blocks = new Map<string, { cid: CID; bytes: Uint8Array }>();
  const keep = (cid: CID, bytes: Uint8Array) => {
    blocks.set(String(cid), { cid, bytes });
    return cid;
  };
  const put = async (codec: number, bytes: Uint8Array) =>
    keep(CID.createV1(codec, await sha256.digest(bytes)), bytes);
  return {
    blocks,
    put,
    async files(contents, { chunk = 1_048_576, version = 1, sharded = false } = {}) {
      const source = Object.entries(contents).map(([path, content]) => ({
        path,
        content: Buffer.from(content),
      }));
      const store = {
        put: async (cid: CID, bytes: unknown) => keep(cid, bytes as Uint8Array),
        get: async function* (cid: CID) {
          yield blocks.get(String(cid))?.bytes ?? new Uint8Array(0);
        },
      };
      const made = new Map<string, CID>();
      const options = {
        wrapWithDirectory: true,
        cidVersion: version,
        rawLeaves: version === 1,
        chunker: fixedSize({ chunkSize: chunk }),
        ...(sharded ? { shardSplitThresholdBytes: 0 } : {}),
      };
      for await (const { path, cid } of importer(source, store as never, options)) {
        made.set(path ?? '', cid);
      }
      return made;
    },
    document: (value) => put(dagCbor.code, dagCbor.encode(value)),
    directory: (links) => {
      const Links = links.map(([Name, Hash]) => ({ Name, Hash, Tsize: 0 }));
      return put(dagPb.code, dagPb.encode({ Data: DIRECTORY, Links }));
    },
    symlink: (target) => {
      const text = Buffer.from(target);
      const Data = Uint8Array.of(8, 4, 0x12, text.length, ...text);
      return put(dagPb.code, dagPb.encode({ Data, Links: [] }));
    },
    writeCar(path, roots, without = []) {
      const left = [...blocks.values()].filter(
        ({ cid }) => !without.some((one) => one.equals(cid)),
      );
      writeFileSync(path, carOf(roots, left));
    },
  };
}

/** Returns a CAR file of these blocks, whether they match their CIDs or not. */
export function carOf(
  roots: readonly CID[],
  blocks: readonly { readonly cid: CID; readonly bytes: Uint8Array }[],
): Uint8Array {
  const size = blocks.reduce(
    (sum, { cid, bytes }) => sum + cid.bytes.length + bytes.length + 10,
    0,
  );
  const writer = CarBufferWriter.createWriter(new ArrayBuffer(size + 1024 + roots.length * 64), {
    roots: [...roots],
  });
  for (const block of blocks) writer.write(block);
  return writer.close({ resize: true });
}
