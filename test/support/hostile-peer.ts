import { createConnection, type Socket } from 'node:net';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { Connection, MessageStream, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { preSharedKey } from '@libp2p/pnet';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { type Did, publicKeyOf } from '../../src/core/entries/did-key.ts';
import type { PeerAddress } from '../../src/core/ports/network.ts';
import { FRAME, type FrameKind, frameHeader } from '../../src/network/frames.ts';
import { seedOf, signerOf } from './keys.ts';

/** One stream on which anything may be said. */
export interface HostileStream {
  /** Sends these bytes, whatever they are. */
  send(bytes: Uint8Array): void;
  /** Sends a frame as our nodes do; with `stated` its header announces another length. */
  sendFrame(kind: FrameKind, body: Uint8Array, stated?: number): void;
  /** Sends a message as our nodes do. */
  sendMessage(body: Uint8Array): void;
  /** All that has come so far. */
  received(): Uint8Array;
  /** Says that nothing more will be sent, without the frame that our nodes end with. */
  hangUp(): Promise<void>;
  reset(): void;
  /** Resolves when the stream is gone, with `reset` if the node dropped it. */
  readonly closed: Promise<'ended' | 'reset'>;
}

/** A libp2p node that keeps none of our rules. */
export interface HostilePeer extends AsyncDisposable {
  readonly did: Did;
  /** Connects, with the key of this peer, and keeps what lies below the streams in reach. */
  dial(address: PeerAddress): Promise<Connection>;
  /** Opens any protocol on a connected node. */
  open(address: PeerAddress, protocol: string): Promise<HostileStream>;
  /** Is told of streams of this protocol that a node opens. */
  answer(protocol: string, onStream: (stream: Stream) => void | Promise<void>): Promise<void>;
  /** Sends bytes in place of frames of Yamux, on the newest connection. */
  inject(bytes: Uint8Array): void;
}

/** Starts a peer with the test key of that name. */
export async function openHostilePeer(
  name: string,
  { networkKey }: { readonly networkKey?: string } = {},
): Promise<HostilePeer> {
  const { did } = signerOf(name);
  let below: MessageStream | undefined;
  const node = await createLibp2p({
    privateKey: privateKeyFromRaw(Buffer.concat([seedOf(name), publicKeyOf(did)])),
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      () => {
        const factory = yamux()();
        return {
          protocol: factory.protocol,
          createStreamMuxer(stream) {
            below = stream;
            return factory.createStreamMuxer(stream);
          },
        };
      },
    ],
    ...(networkKey === undefined
      ? {}
      : {
          connectionProtector: preSharedKey({
            psk: Buffer.from(`/key/swarm/psk/1.0.0/\n/base16/\n${networkKey}`),
          }),
        }),
    connectionMonitor: { enabled: false },
  });
  const dial = (address: PeerAddress) => node.dial(multiaddr(address));
  return {
    did,
    dial,
    async open(address, protocol) {
      const connection = await dial(address);
      return toHostileStream(await connection.newStream(protocol, { maxOutboundStreams: 1_000 }));
    },
    answer: (protocol, onStream) => node.handle(protocol, onStream),
    inject(bytes) {
      if (below === undefined) throw new Error('dial first');
      below.send(bytes);
    },
    [Symbol.asyncDispose]: async () => {
      await node.stop();
    },
  };
}

export interface RawSocket extends Disposable {
  readonly socket: Socket;
  /** Resolves when the socket is gone, for whatever reason. */
  readonly closed: Promise<void>;
}

/** Calls the socket of a node, below everything; it may have been turned away already. */
export async function openRawSocket(address: PeerAddress): Promise<RawSocket> {
  const port = Number(/\/tcp\/(\d+)/.exec(address)?.[1]);
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  return { socket, closed, [Symbol.dispose]: () => void socket.destroy() };
}

function toHostileStream(stream: Stream): HostileStream {
  const pieces: Uint8Array[] = [];
  const closed = Promise.withResolvers<'ended' | 'reset'>();
  stream.addEventListener('message', ({ data }) => {
    pieces.push(data.subarray());
  });
  stream.addEventListener('close', ({ error }) => {
    closed.resolve(error === undefined ? 'ended' : 'reset');
  });
  const sendFrame = (kind: FrameKind, body: Uint8Array, stated = body.length) => {
    stream.send(Buffer.concat([frameHeader(kind, stated), body]));
  };
  return {
    send: (bytes) => void stream.send(bytes),
    sendFrame,
    sendMessage: (body) => sendFrame(FRAME.message, body),
    received: () => Buffer.concat(pieces),
    hangUp: () => stream.close(),
    reset: () => stream.abort(new Error('reset for the test')),
    closed: closed.promise,
  };
}
