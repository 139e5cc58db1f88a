import { join } from 'node:path';
import { grantRole } from '../../src/archive/operations/govern.ts';
import { invitePeer, listPeers } from '../../src/archive/operations/meet-peers.ts';
import { type Place, TrialNode } from './trial-node.ts';

/** Three running nodes of one archive, each connected with both others. */
export interface PartnerNodes extends AsyncDisposable {
  /** The founding steward's. */
  readonly a: TrialNode;
  readonly b: TrialNode;
  readonly c: TrialNode;
  readonly dids: Readonly<Record<'a' | 'b' | 'c', string>>;
}

/** Checkpoints and proofs come more often than they need to, so that they meet whatever happens. */
const REPLICA = { checkpointMs: 3_000, challengeMs: 3_000 };

/** Founds an archive, and has two partners join that hold everything and may deposit. */
export async function openPartnerNodes(
  folder: string,
  places: readonly [Place, Place, Place],
): Promise<PartnerNodes> {
  await using opened = new AsyncDisposableStack();
  const open = (name: string, place: Place) => opened.use(new TrialNode(join(folder, name), place));
  const [a, b, c] = [open('a', places[0]), open('b', places[1]), open('c', places[2])];
  const { did: didA } = await a.run('init', '--name', 'N', '--institution', 'N');
  a.configure((settings) => ({ ...settings, replica: REPLICA }));
  await a.start();
  const joined = async (node: TrialNode) => {
    const terms = { organisation: null, replica: 'all', lifetimeMs: 3_600_000 };
    const { invitation } = await a.ask(invitePeer, { ...terms, role: 'partner' });
    const { did } = await node.run('join', invitation);
    await a.ask(grantRole, { key: String(did), role: 'archivist', replica: 'all' });
    node.configure((settings) => ({ ...settings, replica: REPLICA }));
    return String(did);
  };
  const [didB, didC] = [await joined(b), await joined(c)];
  await b.start();
  const { addresses } = await b.ask(listPeers, {});
  c.configure(({ network, ...settings }) => {
    const { peers } = network as { readonly peers: readonly string[] };
    return { ...settings, network: { ...network, peers: [...peers, ...addresses] } };
  });
  await c.start();
  const running = opened.move();
  return {
    ...{ a, b, c },
    dids: { a: String(didA), b: didB, c: didC },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
