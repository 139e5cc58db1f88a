import type { Neighbours } from '../archive/archive.ts';
import type { Projector } from '../archive/projector.ts';
import type { Did } from '../core/entries/did-key.ts';
import type { Ledger } from '../core/ports/ledger.ts';
import type { Log } from '../core/ports/log.ts';
import type { Network, PeerAddress, PeerStanding } from '../core/ports/network.ts';
import { readHomeSeed } from '../ledger/home-key.ts';
import { openNetwork } from '../network/open-network.ts';
import { serveAdmission } from '../replica/admission/answer-admission.ts';
import { recordReaders } from '../replica/feed/record-readers.ts';
import { Syncing } from '../replica/feed/syncing.ts';
import { keepConnected } from '../replica/keep-connected.ts';
import type { OpenedArchive } from './open-archive.ts';

/** What a node has to do with others, until disposed. */
export interface OpenedPeers extends AsyncDisposable {
  readonly network: Network;
  readonly syncing: Syncing;
  readonly neighbours: Neighbours;
}

/**
 * Lets other nodes in and keeps level with them: listens, admits newcomers, serves and pulls the
 * ledger, and keeps the peers of the settings connected.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that cannot be listened on.
 */
export async function openPeers(
  archive: OpenedArchive,
  options: {
    readonly projector: Projector;
    readonly log: Log;
    /** Instead of where the settings say. */
    readonly p2p: readonly PeerAddress[] | undefined;
  },
): Promise<OpenedPeers> {
  const { projector, log } = options;
  const { ledger, catalog, feed, clock, randomBytes, sha256, paths } = archive;
  const { network: settings } = paths;
  const networkKey = archive.neighbours.networkKey;
  await using opened = new AsyncDisposableStack();
  const network = opened.use(
    await openNetwork({
      did: ledger.self.did,
      seed: await readHomeSeed(paths.key),
      listen: options.p2p ?? settings.listen,
      ...(networkKey === undefined ? {} : { networkKey }),
      admits: standingIn(ledger),
      onComplaint: ({ from, code, text, count }) =>
        log({ level: 'warning', event: 'peer', text, details: { from, code, count } }),
      clock,
    }),
  );
  serveAdmission({ network, ledger, clock, randomBytes, sha256 });
  const syncing = opened.use(
    new Syncing({
      ...{ network, feed, feeds: ledger.feeds, clock, sha256 },
      verify: archive.verifySignature,
      mayHave: recordReaders(ledger, catalog),
      onNews: () => projector.news(),
      onTrouble: (peer, { code, message }) =>
        log({ level: 'error', event: 'sync', text: message, details: { peer, code } }),
    }),
  );
  opened.defer(feed.watch(() => void network.recheck()));
  opened.defer(network.watch(({ peer, connected }) => tellOf(peer, connected, log)));
  syncing.start();
  const ending = new AbortController();
  const keeping = settings.peers.map((address) =>
    keepConnected(address, { network, random: Math.random, signal: ending.signal }),
  );
  opened.defer(async () => {
    ending.abort();
    await Promise.all(keeping);
  });
  const open = opened.move();
  return {
    network,
    syncing,
    neighbours: {
      addresses: settings.announce.length > 0 ? settings.announce : network.addresses,
      networkKey,
      connected: () => network.peers(),
      complaints: () => network.complaints(),
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Who this home lets in. One that is no member yet cannot tell who is, and only calls. */
function standingIn(ledger: Pick<Ledger, 'memberOf' | 'self'>): (did: Did) => PeerStanding {
  return (did) => {
    if (ledger.memberOf(did) !== undefined) return 'member';
    return ledger.memberOf(ledger.self.did) === undefined ? 'guest' : 'stranger';
  };
}

function tellOf(peer: Did, connected: boolean, log: Log): void {
  const event = connected ? 'connected' : 'disconnected';
  log({ level: 'note', event, text: `${peer} is ${event}`, details: { peer } });
}
