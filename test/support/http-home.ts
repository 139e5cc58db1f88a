import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { createToken } from '../../src/http/callers/token.ts';
import { performIn } from './perform.ts';
import { signedFetch } from './signed-fetch.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A founded archive and the node that runs for it, gone when it is disposed. */
export interface HttpHome extends AsyncDisposable {
  /** A folder for what the test needs besides. */
  readonly folder: string;
  readonly home: string;
  readonly node: RunningNode;
  /** Asks as the owner. */
  readonly owner: typeof fetch;
  /** Asks as whoever has a key. */
  as(signer: Signer): typeof fetch;
  /** Has the node perform an operation, and returns its result. */
  perform(name: string, input: unknown): Promise<unknown>;
  /** Makes a key a member's, of the home's own organisation unless another is named. */
  grant(signer: Signer, role: string, organisation?: string): Promise<void>;
  restart(): Promise<void>;
}

/** Founds an archive with these settings and runs a node for it. */
export async function openHttpHome(settings: object = {}): Promise<HttpHome> {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  const path = join(home, 'ringfence.json');
  const founded = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...founded, ...settings }));
  const open = () => openNode(home, { log: () => {} });
  let node = await open();
  const perform: HttpHome['perform'] = (name, input) => performIn(home, name, input);
  return {
    folder: temporary.path,
    home,
    get node() {
      return node;
    },
    owner: await signedFetch(home),
    as: (signer) => (url, init) => {
      const at = { audience: node.archive.ledger.self.did, now: Date.now(), id: 'x' };
      const authorization = `Bearer ${createToken(signer, at)}`;
      return fetch(url, { ...init, headers: { ...init?.headers, authorization } });
    },
    perform,
    async grant({ did: key }, role, organisation = node.archive.ledger.self.organisation) {
      await perform('member.grant', { key, role, replica: 'none', organisation });
    },
    async restart() {
      await node[Symbol.asyncDispose]();
      node = await open();
    },
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    },
  };
}
