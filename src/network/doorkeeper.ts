import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { PeerStanding } from '../core/ports/network.ts';
import type { Complaints } from './complaints.ts';
import { didOf } from './peer-keys.ts';
import { TokenBucket } from './token-bucket.ts';

/** How much of this node others may take up. */
export interface ConnectionLimits {
  /** Connections in all. */
  readonly connections: number;
  /** Connections from one address. */
  readonly perAddress: number;
  /** New connections in a second from one address. */
  readonly perAddressPerSecond: number;
  /** Connections whose peers have not proved their key yet. */
  readonly handshakes: number;
  /** How long a socket may take to prove a key, and a stream to choose a protocol. */
  readonly handshakeMs: number;
  /** Connections of strangers. */
  readonly strangers: number;
  /** How long a stranger has to show an invitation. */
  readonly strangerMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 256,
  perAddress: 32,
  perAddressPerSecond: 16,
  handshakes: 32,
  handshakeMs: 10_000,
  strangers: 16,
  strangerMs: 10_000,
};

interface Caller {
  connections: number;
  readonly arrivals: TokenBucket;
}

/** Addresses whose recent calls are remembered. */
const MAX_CALLERS = 4_096;

/** Decides who gets a connection: first by where it comes from, then by the key it has proved. */
export class Doorkeeper implements ConnectionGater {
  readonly #limits: ConnectionLimits;
  readonly #admits: (did: Did) => PeerStanding;
  readonly #strangers: () => number;
  readonly #makeRoom: () => boolean;
  readonly #complaints: Complaints;
  readonly #callers = new Map<string, Caller>();
  readonly #shakingHands = new Set<MultiaddrConnection>();
  #connections = 0;

  constructor(options: {
    readonly limits: ConnectionLimits;
    readonly admits: (did: Did) => PeerStanding;
    readonly strangers: () => number;
    /** Says whether there is room for one more visitor, after making it if it can be made. */
    readonly makeRoom: () => boolean;
    readonly complaints: Complaints;
  }) {
    this.#limits = options.limits;
    this.#admits = options.admits;
    this.#strangers = options.strangers;
    this.#makeRoom = options.makeRoom;
    this.#complaints = options.complaints;
  }

  /** libp2p does not dial private addresses in browsers; a node dials what it is told. */
  readonly denyDialMultiaddr = (): boolean => false;

  readonly denyInboundConnection = (connection: MultiaddrConnection): boolean => {
    const from = hostOf(connection);
    const caller = this.#callerAt(from);
    const reason = this.#whyNot(caller);
    if (reason !== undefined) {
      this.#complaints.add(from, new ArchiveError('peer_refused', reason));
      return true;
    }
    caller.connections++;
    this.#connections++;
    this.#shakingHands.add(connection);
    connection.addEventListener('close', ({ error }) => {
      caller.connections--;
      this.#connections--;
      if (!this.#shakingHands.delete(connection)) return;
      const text = `no handshake: ${error?.message ?? 'hung up'}`;
      this.#complaints.add(from, new ArchiveError('peer_invalid', text));
    });
    return false;
  };

  readonly denyInboundEncryptedConnection = (
    peer: PeerId,
    connection: MultiaddrConnection,
  ): boolean => {
    this.#shakingHands.delete(connection);
    const did = this.#meet(peer, connection);
    if (did === undefined) {
      const error = new ArchiveError('peer_refused', 'its key is not an Ed25519 key');
      this.#complaints.add(hostOf(connection), error);
      return true;
    }
    const standing = this.#admits(did);
    const isCrowded =
      (standing === 'stranger' && this.#strangers() >= this.#limits.strangers) ||
      (standing === 'visitor' && !this.#makeRoom());
    if (!isCrowded) return false;
    this.#complaints.add(did, new ArchiveError('peer_refused', `there are too many ${standing}s`));
    return true;
  };

  readonly denyOutboundEncryptedConnection = (
    peer: PeerId,
    connection: MultiaddrConnection,
  ): boolean => {
    const did = this.#meet(peer, connection);
    return did === undefined || this.#admits(did) === 'stranger';
  };

  /** From here on it is known who breaks the rules of the connection itself. */
  #meet(peer: PeerId, connection: MultiaddrConnection): Did | undefined {
    const did = didOf(peer);
    connection.addEventListener('close', ({ error }) => {
      if (did !== undefined && error instanceof ArchiveError && error.code === 'peer_invalid') {
        this.#complaints.add(did, error);
      }
    });
    return did;
  }

  #whyNot(caller: Caller): string | undefined {
    const { connections, perAddress, handshakes } = this.#limits;
    if (!caller.arrivals.tryTake()) return 'calls too often from this address';
    if (caller.connections >= perAddress) return 'too many connections from this address';
    if (this.#connections >= connections) return 'too many connections';
    if (this.#shakingHands.size >= handshakes) return 'too many handshakes at once';
    return undefined;
  }

  #callerAt(address: string): Caller {
    const known = this.#callers.get(address);
    if (known !== undefined) return known;
    if (this.#callers.size >= MAX_CALLERS) {
      for (const [other, { connections, arrivals }] of this.#callers) {
        if (connections === 0 && arrivals.isFull) this.#callers.delete(other);
      }
    }
    const arrivals = new TokenBucket(this.#limits.perAddressPerSecond);
    const caller: Caller = { connections: 0, arrivals };
    this.#callers.set(address, caller);
    return caller;
  }
}

/** The address without its port, which is another for every call. */
function hostOf({ remoteAddr }: MultiaddrConnection): string {
  const [host] = remoteAddr.getComponents();
  return host === undefined ? remoteAddr.toString() : `/${host.name}/${host.value ?? ''}`;
}
