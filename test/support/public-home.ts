import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setCollection } from '../../src/archive/governing/set-collection.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import type { PeerAddress } from '../../src/core/ports/network.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A running node with a home of its own, gone when it is disposed. */
export interface PublicHome extends AsyncDisposable {
  readonly node: RunningNode;
  readonly address: PeerAddress;
  readonly log: readonly LogLine[];
  /** Takes bytes in as an asset of a collection. */
  deposit(collection: string, bytes: Uint8Array): Promise<Cid>;
  /** Lets anybody read a collection, or only the depositor's own organisation. */
  show(collection: string, visibility: 'public' | 'organisation'): Promise<void>;
}

/** Founds an archive and runs a node for it that listens on the loopback. */
export async function openPublicHome(
  network: { readonly peers?: readonly PeerAddress[]; readonly visitors?: number } = {},
): Promise<PublicHome> {
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(temporaryFolder());
  const home = join(path, 'home');
  const offered = join(path, 'offered');
  mkdirSync(offered);
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  const settingsPath = join(home, 'ringfence.json');
  const settings = JSON.parse(await readFile(settingsPath, 'utf8'));
  await writeFile(settingsPath, JSON.stringify({ ...settings, network }));
  const log: LogLine[] = [];
  const node = opened.use(
    await openNode(home, {
      log: (line) => void log.push(line),
      listen: 'off',
      p2p: ['/ip4/127.0.0.1/tcp/0'],
    }),
  );
  const { archive, projector } = node;
  const running = opened.move();
  return {
    ...{ node, log },
    address: node.peers.network.addresses[0] ?? '',
    async deposit(collection, bytes) {
      const { cid } = await archive.content.putFile({ bytes });
      const file = join(offered, `${cid}.bin`);
      writeFileSync(file, bytes);
      const request = { paths: [file], collection, all: true, custody: false };
      const flags = { hidden: false, dryRun: false, measured: false };
      for await (const event of ingest({ ...request, ...flags }, archive)) {
        if (event.event === 'failed') throw new Error(JSON.stringify(event));
      }
      projector.news();
      await projector.settled();
      return cid;
    },
    async show(name, visibility) {
      await setCollection({ name, visibility, readers: [] }, archive);
      projector.news();
      await projector.settled();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
