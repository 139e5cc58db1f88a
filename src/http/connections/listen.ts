import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';
import type { Exposure } from './exposure.ts';

/**
 * Sockets that listen at one address. In each turn of the event loop one connection is accepted of each (libuv,
 * `uv__server_io`), and a turn in which two hundred requests are answered takes some tenths of a second.
 */
const SOCKETS = 32;

/** How connections are set up that a server of HTTP accepts itself. */
export interface AcceptOptions {
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelay: number;
}

/**
 * Has a server listen where a node is to answer, and returns what else accepts connections for it, which has to
 * be closed with it. `onError` is told what goes wrong later, such as connections that cannot be accepted.
 *
 * @throws {ArchiveError} `usage_invalid` if the address cannot be listened on.
 */
export async function listen(
  server: HttpServer,
  { host, port }: Pick<Exposure, 'host' | 'port'>,
  options: AcceptOptions,
  onError: (error: Error) => void,
): Promise<readonly Server[]> {
  const others: Server[] = [];
  try {
    if (port !== 0) await refuseTaken(host, port);
    const isShared = await listenShared(server, { host, port });
    server.on('error', onError);
    if (!isShared) return [];
    // A server that listens on TCP has such an address.
    const shared = { host, port: (server.address() as AddressInfo).port, reusePort: true };
    while (others.length + 1 < SOCKETS) {
      const other = createServer({ ...options, allowHalfOpen: true, noDelay: true });
      other.on('connection', (socket) => server.emit('connection', socket));
      others.push(other);
      await listening(other, shared);
      other.on('error', onError);
    }
    return others;
  } catch (cause) {
    for (const one of [server, ...others]) one.close();
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    const text = `${host}:${port} cannot be listened on (${why}); give another address, or port 0 for any`;
    throw new ArchiveError('usage_invalid', text, { cause });
  }
}

/** Sockets that share an address would share it with those of another node, too: the first shares with nobody. */
async function refuseTaken(host: string, port: number): Promise<void> {
  const first = createServer();
  await listening(first, { host, port });
  const closed = once(first, 'close');
  first.close();
  await closed;
}

/** Returns whether others can listen at the same address: not every system has them share the connections. */
async function listenShared(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<boolean> {
  try {
    await listening(server, { ...address, reusePort: true });
    return true;
  } catch {
    await listening(server, address);
    return false;
  }
}

async function listening(
  server: Server,
  address: { readonly host: string; readonly port: number; readonly reusePort?: boolean },
): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
}
