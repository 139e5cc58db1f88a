import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATIONS } from '../../src/archive/operations/operations.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { type Environs, systemEnvirons } from '../../src/compose/system.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A running node with free works and a release of them cut for anyone, gone when it is disposed. */
export interface ReleaseHome extends AsyncDisposable {
  readonly node: RunningNode;
  /** Its folder. */
  readonly path: string;
  /** What the node has logged. */
  readonly log: readonly LogLine[];
  readonly release: string;
  /** CIDs of the works, by their names. */
  readonly assets: ReadonlyMap<string, string>;
  /** Has the node do an operation. */
  perform(name: string, input: unknown): Promise<unknown>;
  /** Lets anybody read the works, or the depositor's own organisation alone. */
  show(visibility: 'public' | 'organisation'): Promise<void>;
}

/** Founds an archive with these settings, takes works in, and cuts the release; nobody but the owner may read them yet. */
export async function openReleaseHome(
  works: Readonly<Record<string, Uint8Array>>,
  environs: Environs = systemEnvirons,
  settings: object = {},
): Promise<ReleaseHome> {
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(temporaryFolder());
  const home = join(path, 'home');
  const offered = join(path, 'offered');
  mkdirSync(offered);
  for (const [name, bytes] of Object.entries(works)) writeFileSync(join(offered, name), bytes);
  const rows = Object.keys(works).map((name) => `${name},${name},Ann,CC0-1.0,print`);
  const catalogue = join(path, 'rows.csv');
  const header = 'path,title,creator,licence,digital_source_type';
  writeFileSync(catalogue, [header, ...rows, ''].join('\n'));
  await foundArchive(home, { name: 'Works', institution: 'House' });
  const settled = join(home, 'ringfence.json');
  const founded = JSON.parse(readFileSync(settled, 'utf8'));
  writeFileSync(settled, JSON.stringify({ ...founded, ...settings }));
  const log: LogLine[] = [];
  const p2p = ['/ip4/127.0.0.1/tcp/0'];
  const options = { log: (line: LogLine) => void log.push(line), p2p, environs };
  const node = opened.use(await openNode(home, options));
  await perform(node, 'ingest', {
    ...{ paths: [offered], collection: 'main', catalogue: { path: catalogue } },
    ...{ all: false, hidden: false, custody: true, dryRun: false, measured: false },
  });
  const cut = await perform(node, 'release.cut', {
    ...{ purpose: 'ai_generative_training', policy: 'corroborated', requester: 'anyone' },
    ...{ name: 'works', version: '1.0.0', filter: {}, seed: '' },
  });
  const page = node.archive.catalog.list({}, { limit: 100 });
  const running = opened.move();
  return {
    ...{ node, path: home, log },
    // What the operation gives.
    release: (cut as { release: string }).release,
    assets: new Map(page.assets.map(({ title, cid }) => [title, cid])),
    perform: (name, input) => perform(node, name, input),
    async show(visibility) {
      await perform(node, 'collection.set', { name: 'main', visibility, readers: [] });
      node.projector.news();
      await node.projector.settled();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function perform(node: RunningNode, name: string, input: unknown): Promise<unknown> {
  const operation = OPERATIONS.get(name);
  if (operation === undefined || operation.opens === 'stores') throw new Error(name);
  return operation.run(node.archive, input, {
    signal: new AbortController().signal,
    progress() {},
    notice() {},
    async item() {},
  });
}
