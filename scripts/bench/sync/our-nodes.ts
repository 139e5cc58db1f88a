import { ArchiveError } from '../../../src/core/errors.ts';
import { openHomeKey, readHomeSeed } from '../../../src/ledger/keys/home-key.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { openNetwork } from '../../../src/network/open-network.ts';
import { FEED } from '../../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../../src/replica/feed/serve-feed.ts';
import { syncWith } from '../../../src/replica/feed/sync-with.ts';
import { type Cost, costOf } from './cost.ts';
import { fresh } from './records.ts';

export interface Home {
  readonly path: string;
  readonly keyPath: string;
}

/** Opens ledger and sockets of a home; everybody may come in. */
async function openNode({ path, keyPath }: Home, listen: readonly string[]) {
  const signer = await openHomeKey(keyPath);
  const ledger = await openLedger({ path, keyPath, clock: Date.now, randomBytes: fresh });
  const network = await openNetwork({
    did: signer.did,
    seed: await readHomeSeed(keyPath),
    listen,
    admits: () => 'member',
    clock: Date.now,
  });
  return { ledger, network };
}

/** Lets others pull until the parent goes; says where. */
export async function serve(home: Home, say: (address: string) => void): Promise<() => Cost> {
  const { ledger, network } = await openNode(home, ['/ip4/127.0.0.1/tcp/0']);
  network.handle(FEED, serveFeed({ feed: ledger.feed, mayHave: () => () => true }));
  const [address] = network.addresses;
  if (address === undefined) throw new ArchiveError('internal', 'the node listens nowhere');
  const cost = costOf();
  say(address);
  return cost;
}

/** Pulls all there is; the time begins when the connection stands. */
export async function pull(
  home: Home,
  address: string,
): Promise<Cost & { readonly entries: number }> {
  const { ledger, network } = await openNode(home, []);
  const peer = await network.dial(address);
  const { feed, feeds } = ledger;
  const cost = costOf();
  const { entries } = await syncWith(peer, {
    network,
    feed,
    feeds,
    verify: verifySignature,
    sha256,
  });
  return { ...cost(), entries };
}
