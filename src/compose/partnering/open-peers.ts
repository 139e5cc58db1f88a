import type { Neighbours } from '../../archive/archive.ts';
import type { LiveReleases } from '../../archive/live/live-releases.ts';
import type { Projector } from '../../archive/projector.ts';
import { failureText } from '../../core/defect-text.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { asArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Network, PeerAddress } from '../../core/ports/network.ts';
import { openHomeKey, readHomeSeed } from '../../ledger/keys/home-key.ts';
import { prepareNetwork } from '../../network/open-network.ts';
import { didInAddress } from '../../network/peer-keys.ts';
import { serveAdmission } from '../../replica/admission/answer-admission.ts';
import { KeptConnections } from '../../replica/kept-connections.ts';
import type { OpenedArchive } from '../open-archive.ts';
import { changePeers } from './change-peers.ts';
import { type PartnerServices, startPartnerServices } from './partner-services.ts';
import { prepareIntroducing } from './prepare-introducing.ts';
import { standingOfPeers } from './standing-of-peers.ts';

/** What a node has to do with others, until disposed. */
export interface OpenedPeers extends AsyncDisposable {
  readonly network: Network;
  readonly services: PartnerServices;
  readonly neighbours: Neighbours;
}

/**
 * Lets other nodes in and keeps level with them: listens, admits newcomers, does everything that
 * partners do with each other, and keeps the peers of the settings connected, and the members that it
 * hears of.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that cannot be listened on.
 */
export async function openPeers(
  archive: OpenedArchive,
  options: {
    readonly projector: Projector;
    readonly live: Pick<LiveReleases, 'look' | 'lookAgain' | 'isTouched'>;
    readonly log: Log;
  },
): Promise<OpenedPeers> {
  const { projector, live, log } = options;
  const { ledger, feed, clock, randomBytes, sha256, paths } = archive;
  const { network: settings } = paths;
  const networkKey = archive.neighbours.networkKey;
  let called: readonly PeerAddress[] = settings.peers;
  await using opened = new AsyncDisposableStack();
  const network = opened.use(
    await prepareNetwork({
      did: ledger.self.did,
      seed: await readHomeSeed(paths.key),
      listen: settings.listen,
      ...(networkKey === undefined ? {} : { networkKey }),
      admits: standingOfPeers(archive, { visitors: settings.visitors, called: () => called }),
      limits: { visitors: settings.visitors },
      onComplaint: ({ from, code, text, count }) =>
        log({ level: 'warning', event: 'peer', text, details: { from, code, count } }),
      clock,
    }),
  );
  serveAdmission({ network, ledger, clock, randomBytes, sha256 });
  const services = opened.use(
    await startPartnerServices({
      ...{ archive, network, projector, live, log },
      blocks: network.blocks,
      signer: await openHomeKey(paths.key),
      settings: paths.replica,
    }),
  );
  opened.defer(
    feed.watch(() => {
      network.recheck().catch((error: unknown) => {
        log({ level: 'warning', event: 'peer', text: failureText(error) });
      });
    }),
  );
  const introducing = settings.introductions
    ? opened.use(await prepareIntroducing({ archive, network, log }))
    : undefined;
  // Whoever calls from the first moment on finds everything answered.
  await network.start();
  introducing?.start();
  const kept = opened.use(
    new KeptConnections<PeerAddress>({
      ...{ network, random: Math.random },
      dial: (address, dialling) => callAt(network, address, dialling),
    }),
  );
  kept.keep(called);
  const open = opened.move();
  return {
    network,
    services,
    neighbours: {
      addresses: settings.announce.length > 0 ? settings.announce : network.addresses,
      networkKey,
      connected: () => network.peers(),
      called: () => called.map((address) => ({ address, peer: didInAddress(address) ?? null })),
      complaints: () => network.complaints(),
      troubles: () => services.troubles(),
      confirm: () => services.confirm(),
      changeCalled: async (change) => {
        called = await changePeers(archive, change);
        kept.keep(called);
        await network.recheck();
      },
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Calls where the settings say; `peers` and the log tell why it does not answer. */
async function callAt(
  network: Network,
  address: PeerAddress,
  options: { readonly signal: AbortSignal },
): Promise<Did> {
  try {
    return await network.dial(address, options);
  } catch (error) {
    const key = didInAddress(address);
    if (key !== undefined && !options.signal.aborted) network.complain(key, asArchiveError(error));
    throw error;
  }
}
