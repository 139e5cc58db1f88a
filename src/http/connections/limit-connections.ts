import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { makesProgress } from './body-deadlines.ts';
import { hasBody } from './has-body.ts';

/** Connections whose request has not come as a whole, or that are between two of them. */
const MOST_WAITING = 1024;

/**
 * Has a server hold no more connections than it has room for: one too many ends the one that has waited
 * longest without a request, or else the one whose request is longest in coming, and of all last an upload
 * that makes progress. So whoever opens thousands and sends nothing keeps out nobody who asks at once;
 * refusing the newest, as `maxConnections` does, would keep out everybody else.
 */
export function limitConnections(server: Server, most = MOST_WAITING): void {
  const open = new Map<string, Socket>();
  /** Those without a request, which has waited longest first. */
  const silent = new Set<string>();
  /** Those whose request has not come as a whole, likewise. */
  const coming = new Map<string, IncomingMessage>();
  server.on('connection', (socket: Socket) => {
    if (silent.size + coming.size >= most) endOne();
    const name = nameOf(socket);
    open.set(name, socket);
    silent.add(name);
    socket.once('close', () => {
      if (open.get(name) === socket) forget(name);
    });
  });
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const name = nameOf(req.socket);
    silent.delete(name);
    if (hasBody(req)) coming.set(name, req);
    req.once('end', () => coming.get(name) === req && coming.delete(name));
    res.once('close', () => {
      coming.delete(name);
      if (open.has(name)) silent.add(name);
    });
  });

  function endOne(): void {
    const name = first(silent) ?? slowest() ?? first(coming.keys());
    if (name === undefined) return;
    open.get(name)?.destroy();
    forget(name);
  }

  function forget(name: string): void {
    open.delete(name);
    silent.delete(name);
    coming.delete(name);
  }

  function slowest(): string | undefined {
    for (const [name, req] of coming) {
      if (!makesProgress(req)) return name;
    }
    return undefined;
  }
}

function first(names: Iterable<string>): string | undefined {
  const [name] = names;
  return name;
}

/** A connection with TLS has two sockets, and the same name by both. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
