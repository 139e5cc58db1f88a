import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PackContentStore } from '../../../src/content/pack-content-store.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Network } from '../../../src/core/ports/network.ts';
import type { WantedAsset, WantedFeed } from '../../../src/core/ports/replica-wants.ts';
import { Pacer } from '../../../src/replica/bytes/pacer.ts';
import { BYTES_PROTOCOL } from '../../../src/replica/bytes/protocol.ts';
import { Replicator, type ReplicatorParts } from '../../../src/replica/bytes/replicator.ts';
import { type ByteServer, serveBytes } from '../../../src/replica/bytes/serve-bytes.ts';
import { openStore } from '../../content/open-store.ts';
import { signerOf } from '../../support/keys.ts';
import type { MemoryHub } from '../../support/memory-network.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const UNCAPPED = new Pacer(
  {},
  () => 0,
  async () => {},
);

/** A node with a real content store on a network in memory. */
export interface ByteNode extends AsyncDisposable {
  readonly did: Did;
  readonly network: Network;
  readonly content: PackContentStore;
  readonly path: string;
  readonly damaged: Cid[];
  /** Begins to serve, where it was opened without. */
  serve(options?: Pick<ByteServer, 'releaseTree'>): void;
  put(size: number | Uint8Array): Promise<WantedAsset>;
  replicator(wanted: readonly WantedAsset[], options?: Partial<ReplicatorParts>): Replicator;
}

/** Returns a feed that tells these assets once. */
export function feedOf(assets: readonly WantedAsset[]): WantedFeed {
  const left = [...assets];
  return {
    next: (limit) => ({ assets: left.splice(0, limit), isEnd: left.length === 0 }),
  };
}

export async function byteNode(
  hub: MemoryHub,
  number: number,
  options: Partial<Pick<ByteServer, 'mayHave' | 'pace'>> & {
    readonly serves?: boolean;
    readonly folder?: string;
  } = {},
): Promise<ByteNode> {
  await using stack = new AsyncDisposableStack();
  const path = options.folder ?? stack.use(temporaryFolder()).path;
  const content = stack.use(await openStore(path, { packDirectories: [join(path, 'packs')] }));
  const { did } = signerOf(`node ${number}`);
  const network = stack.use(hub.open({ did }));
  const damaged: Cid[] = [];
  const server: ByteServer = {
    content,
    mayHave: options.mayHave ?? (() => true),
    onDamage: (asset) => damaged.push(asset),
    pace: options.pace ?? (async () => {}),
  };
  const serve = (more: Pick<ByteServer, 'releaseTree'> = {}) =>
    network.handle(BYTES_PROTOCOL, (stream, signal) =>
      serveBytes({ ...server, ...more }, stream, signal),
    );
  if (options.serves !== false) serve();
  const owned = stack.move();
  return {
    did,
    network,
    content,
    path,
    damaged,
    serve,
    async put(size) {
      const bytes = typeof size === 'number' ? randomBytes(size) : size;
      const { cid } = await content.putFile({ bytes });
      await content.sync([cid]);
      return { cid, size: bytes.length };
    },
    replicator: (wanted, parts = {}) => {
      const feed = feedOf(wanted);
      return new Replicator({
        network,
        content,
        wanted: () => feed,
        pacer: UNCAPPED,
        reserveBytes: 0,
        ...parts,
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export async function meet(one: ByteNode, ...others: readonly ByteNode[]): Promise<void> {
  for (const other of others) await one.network.dial(other.network.addresses[0] ?? '');
}

export async function bytesOf(node: ByteNode, cid: Cid): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of node.content.read(cid)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
