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

/** Who is told what became of the sockets. */
export interface Listening {
  /** What goes wrong later, such as connections that cannot be accepted. */
  readonly onError: (error: Error) => void;
  /** That there are fewer than is usual, and why. All is answered with one, too, in more time. */
  readonly onFewer: (sockets: number, cause: unknown) => void;
}

/**
 * Has a server listen where a node is to answer, and returns what else accepts connections for it, which has to
 * be closed with it. Where descriptors run out, half of those that it got are given back: connections take some, too.
 *
 * @throws {ArchiveError} `usage_invalid` if the address cannot be listened on.
 */
export async function listen(
  server: HttpServer,
  { host, port }: Pick<Exposure, 'host' | 'port'>,
  options: AcceptOptions,
  { onError, onFewer }: Listening,
): Promise<readonly Server[]> {
  try {
    if (port !== 0) await refuseTaken(host, port);
    const isShared = await listenShared(server, { host, port });
    server.on('error', onError);
    if (!isShared) return [];
    // A server that listens on TCP has such an address.
    const shared = { host, port: (server.address() as AddressInfo).port, reusePort: true };
    const others: Server[] = [];
    try {
      while (others.length + 1 < SOCKETS) {
        const other = createServer({ ...options, allowHalfOpen: true, noDelay: true });
        other.on('connection', (socket) => server.emit('connection', socket));
        await listening(other, shared);
        other.on('error', onError);
        others.push(other);
      }
    } catch (cause) {
      for (const one of others.splice(Math.floor(others.length / 2))) one.close();
      onFewer(others.length + 1, cause);
    }
    return others;
  } catch (cause) {
    server.close();
    const text = `${host}:${port} cannot be listened on (${codeOf(cause)}); ${remedyOf(cause)}`;
    throw new ArchiveError('usage_invalid', text, { cause });
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : cause;
}

function remedyOf(cause: unknown): string {
  if (codeOf(cause) !== 'EMFILE') return 'give another address, or port 0 for any';
  return 'raise the limit of open files, of which a node takes some hundreds';
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
