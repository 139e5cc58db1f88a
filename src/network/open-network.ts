import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Clock } from '../core/ports/environment.ts';
import type { Complaint, Network, PeerAddress, PeerStanding } from '../core/ports/network.ts';
import { Complaints } from './complaints.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, Doorkeeper } from './doorkeeper.ts';
import { Libp2pNetwork } from './libp2p-network.ts';
import { createLibp2pNode } from './libp2p-node.ts';
import { privateKeyOf } from './peer-keys.ts';
import { PEER_BUDGET, type PeerBudget, type PeerLink } from './peer-link.ts';

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
  /** Told each time a peer does something wrong. */
  readonly onComplaint?: (complaint: Complaint) => void;
  readonly limits?: Partial<ConnectionLimits>;
  readonly budget?: Partial<PeerBudget>;
  readonly clock: Clock;
}

/**
 * Starts a node that listens where it is told, and owns its sockets until disposed.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that cannot be listened on.
 */
export async function openNetwork(options: NetworkOptions): Promise<Network & AsyncDisposable> {
  const { did, seed, admits, clock } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const budget = { ...PEER_BUDGET, ...options.budget };
  const complaints = new Complaints(clock, options.onComplaint);
  const links = new Map<Did, PeerLink>();
  const strangers = () => [...links.values()].filter(({ isStranger }) => isStranger).length;
  const node = await createNode();
  const network = new Libp2pNetwork(node, {
    ...{ did, admits, links, complaints, budget, clock },
    handshakeMs: limits.handshakeMs,
    strangerMs: limits.strangerMs,
  });
  try {
    await node.start();
  } catch (cause) {
    throw cannotListen(options.listen, cause);
  }
  return network;

  async function createNode() {
    try {
      return await createLibp2pNode({
        privateKey: privateKeyOf(seed, did),
        listen: options.listen,
        networkKey: options.networkKey,
        gater: new Doorkeeper({ limits, admits, strangers, complaints }),
        limits,
      });
    } catch (cause) {
      throw cannotListen(options.listen, cause);
    }
  }
}

function cannotListen(listen: readonly PeerAddress[], cause: unknown): ArchiveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError('usage_invalid', `cannot listen on ${listen.join(', ')}: ${why}`, {
    cause,
  });
}
