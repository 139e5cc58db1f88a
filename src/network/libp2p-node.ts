import type { ConnectionGater, PrivateKey } from '@libp2p/interface';
import { preSharedKey } from '@libp2p/pnet';
import { tcp } from '@libp2p/tcp';
import { createLibp2p, type Libp2p } from 'libp2p';
import { ArchiveError } from '../core/errors.ts';
import type { PeerAddress } from '../core/ports/network.ts';
import type { ConnectionLimits } from './doorkeeper.ts';
import { guardedNoise } from './noise-guard.ts';
import { guardedWebSockets } from './websocket-guard.ts';
import { guardedYamux } from './yamux-guard.ts';

/** A peer that answers no ping for so long has gone; the kernel would take a quarter of an hour. */
const PING = { pingInterval: 15_000, pingTimeout: { minTimeout: 20_000, maxTimeout: 30_000 } };

/** Sockets beyond the connections allowed, so that those turned away are told so. */
const SPARE_SOCKETS = 32;

/**
 * Makes a libp2p node, not started, that does what it is told: it has transports, encryption and streams, and no
 * service that would find, relay or announce anything.
 */
export async function createLibp2pNode(options: {
  readonly privateKey: PrivateKey;
  readonly listen: readonly PeerAddress[];
  readonly networkKey: Uint8Array | undefined;
  readonly gater: ConnectionGater;
  readonly limits: ConnectionLimits;
}): Promise<Libp2p> {
  const { privateKey, networkKey, gater, limits } = options;
  const { handshakeMs } = limits;
  const maxConnections = limits.connections + SPARE_SOCKETS;
  return await createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: [...options.listen] },
    transports: [tcp({ maxConnections }), guardedWebSockets(maxConnections)],
    connectionEncrypters: [guardedNoise()],
    streamMuxers: [guardedYamux()],
    connectionGater: gater,
    ...(networkKey === undefined
      ? {}
      : { connectionProtector: preSharedKey({ psk: toSwarmKey(networkKey) }) }),
    connectionMonitor: PING,
    connectionManager: {
      // The doorkeeper counts connections, and says whom it has turned away.
      maxConnections: 2 * maxConnections,
      maxIncomingPendingConnections: maxConnections,
      inboundConnectionThreshold: Number.MAX_SAFE_INTEGER,
      reconnectRetries: 0,
      inboundUpgradeTimeout: handshakeMs,
      dialTimeout: handshakeMs,
      addressDialTimeout: handshakeMs,
      inboundStreamProtocolNegotiationTimeout: handshakeMs,
      outboundStreamProtocolNegotiationTimeout: handshakeMs,
    },
  });
}

/** What is thrown where the addresses are at fault, before the node starts or when it does. */
export function cannotListen(listen: readonly PeerAddress[], cause: unknown): ArchiveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `cannot listen on ${listen.join(', ')}: ${why}`;
  return new ArchiveError('usage_invalid', text, { cause });
}

/** https://github.com/libp2p/specs/blob/master/pnet/Private-Networks-PSK-V1.md, as Kubo's swarm.key. */
function toSwarmKey(networkKey: Uint8Array): Uint8Array {
  if (networkKey.length !== 32) throw new RangeError('a network key has 32 bytes');
  const hex = Buffer.from(networkKey).toString('hex');
  return new TextEncoder().encode(`/key/swarm/psk/1.0.0/\n/base16/\n${hex}\n`);
}
