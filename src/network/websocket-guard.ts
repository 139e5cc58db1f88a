import type { Server, Socket } from 'node:net';
import type { Listener, Transport } from '@libp2p/interface';
import { webSockets } from '@libp2p/websockets';

/** A caller that has not become a WebSocket after so long is dropped. */
const UPGRADE_MS = 10_000;

/** Noise sends at most 64 KiB at a time. */
const MAX_FRAME_BYTES = 1_024 * 1_024;

/** What @libp2p/websockets keeps for itself: `ws` with its options, and the server below it. */
interface Insides extends Listener {
  readonly server: Server;
  readonly wsServer: {
    readonly options: { maxPayload: number; WebSocket: new (...all: never[]) => WsSocket };
  };
}

interface WsSocket {
  on(event: 'error', listener: () => void): unknown;
  setSocket(socket: Socket, ...rest: unknown[]): unknown;
}

/**
 * WebSockets with the bounds that @libp2p/websockets 10.1.21 does not keep: it has no listener for the
 * errors of a socket, so that one bad frame would end the process; it waits for ever for callers that
 * say nothing or send headers slowly; and it takes frames of 100 MiB.
 */
export function guardedWebSockets(
  maxConnections: number,
): (components: Parameters<ReturnType<typeof webSockets>>[0]) => Transport {
  return (components) => {
    const transport = webSockets()(components);
    const createListener = transport.createListener.bind(transport);
    transport.createListener = (options) => {
      const listener = createListener(options);
      guard(listener, maxConnections);
      return listener;
    };
    return transport;
  };
}

function guard(listener: Listener, maxConnections: number): void {
  if (!hasInsides(listener)) throw new TypeError('the WebSocket listener is built another way');
  const { server, wsServer } = listener;
  const callers = new Map<Socket, NodeJS.Timeout>();
  const forget = (socket: Socket) => {
    clearTimeout(callers.get(socket));
    callers.delete(socket);
  };
  server.maxConnections = maxConnections;
  server.on('connection', (socket) => {
    callers.set(socket, setTimeout(() => socket.destroy(), UPGRADE_MS).unref());
    socket.on('error', () => {});
    socket.once('close', () => forget(socket));
  });
  const close = listener.close.bind(listener);
  listener.close = () => {
    for (const socket of callers.keys()) socket.destroy();
    return close();
  };
  const Base = wsServer.options.WebSocket;
  wsServer.options.maxPayload = MAX_FRAME_BYTES;
  wsServer.options.WebSocket = class extends Base {
    override setSocket(socket: Socket, ...rest: unknown[]): unknown {
      forget(socket);
      this.on('error', () => {});
      return super.setSocket(socket, ...rest);
    }
  };
}

function hasInsides(listener: Listener): listener is Insides {
  return 'server' in listener && 'wsServer' in listener;
}
