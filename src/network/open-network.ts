import type { Did } from '../core/entries/did-key.ts';
import type { BlockExchange } from '../core/ports/block-exchange.ts';
import type { Clock } from '../core/ports/environment.ts';
import type { Complaint, Network, PeerAddress, PeerStanding } from '../core/ports/network.ts';
import { Bitswap } from './bitswap/bitswap.ts';
import { BITSWAP_LIMITS, type BitswapLimits } from './bitswap/bitswap-limits.ts';
import { Complaints } from './complaints.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, Doorkeeper } from './doorkeeper.ts';
import { Libp2pNetwork } from './libp2p-network.ts';
import { cannotListen, createLibp2pNode } from './libp2p-node.ts';
import { privateKeyOf } from './peer-keys.ts';
import { PEER_BUDGET, type PeerBudget, type PeerLink } from './peer-link.ts';
import { VISITOR_LIMITS, type VisitorLimits } from './visitors.ts';

export interface NetworkOptions {
  /** The home's key, and the 32-byte seed of its private half. */
  readonly did: Did;
  readonly seed: Uint8Array;
  /** Where to listen: `/ip4/0.0.0.0/tcp/4001`, `/ip4/0.0.0.0/tcp/4002/ws`; nowhere if empty. */
  readonly listen: readonly PeerAddress[];
  /** 32 bytes that every node of a ring-fenced archive has; without them nobody gets past the first byte. */
  readonly networkKey?: Uint8Array;
  /** Says what a key is to this node, now. Asked often, so it answers from memory. */
  readonly admits: (did: Did) => PeerStanding;
  /** Told what peers do wrong, more and more seldom where it is the same again and again. */
  readonly onComplaint?: (complaint: Complaint) => void;
  readonly limits?: Partial<ConnectionLimits & VisitorLimits>;
  readonly bitswap?: Partial<BitswapLimits>;
  readonly budget?: Partial<PeerBudget>;
  readonly clock: Clock;
}

/** A node's network, and single blocks over the same connections. */
export type OpenedNetwork = Network & AsyncDisposable & { readonly blocks: BlockExchange };

/** A network that hears nobody yet, so that everything can be answered from the first moment on. */
export interface PreparedNetwork extends OpenedNetwork {
  /** @throws {ArchiveError} `usage_invalid` for an address that cannot be listened on. */
  start(): Promise<void>;
}

/**
 * Starts a node that listens where it is told, and owns its sockets until disposed.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that cannot be listened on.
 */
export async function openNetwork(options: NetworkOptions): Promise<OpenedNetwork> {
  const network = await prepareNetwork(options);
  await network.start();
  return network;
}

/**
 * As {@link openNetwork}, but listening and dialling begin with `start`.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that is none.
 */
export async function prepareNetwork(options: NetworkOptions): Promise<PreparedNetwork> {
  const { did, seed, admits, clock } = options;
  const limits = { ...CONNECTION_LIMITS, ...VISITOR_LIMITS, ...options.limits };
  const budget = { ...PEER_BUDGET, ...options.budget };
  const complaints = new Complaints(clock, options.onComplaint);
  const links = new Map<Did, PeerLink>();
  const strangers = () =>
    [...links.values()].filter(({ standing }) => standing === 'stranger').length;
  const blocks = new Bitswap({
    ...{ links, admits, complaints },
    limits: { ...BITSWAP_LIMITS, ...options.bitswap },
  });
  const privateKey = privateKeyOf(seed, did);
  const node = await createNode();
  const network: Libp2pNetwork = new Libp2pNetwork(node, {
    ...{ did, admits, links, complaints, budget, blocks, limits, clock },
    ...{ key: privateKey.publicKey, listen: options.listen },
  });
  return network;

  async function createNode() {
    try {
      return await createLibp2pNode({
        privateKey,
        listen: options.listen,
        networkKey: options.networkKey,
        gater: new Doorkeeper({
          ...{ limits, admits, strangers, complaints },
          makeRoom: () => network.visitors.makeRoom(),
        }),
        limits,
      });
    } catch (cause) {
      throw cannotListen(options.listen, cause);
    }
  }
}
