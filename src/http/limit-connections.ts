import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ArchiveError } from '../core/errors.ts';
import { endWithProblem } from './send-problem.ts';

/** Requests answered at a time, each of which may hold a leaf. */
const MOST_ANSWERED = 256;
/** Connections besides whose request has not come as a whole, or that are between two of them. */
const MOST_WAITING = 1024;

/**
 * Returns what answers up to 256 requests at a time as `answer` does, and those beyond as `busy`.
 */
export function limitAnswers(answer: RequestListener): RequestListener {
  let answered = 0;
  return (req, res) => {
    if (answered >= MOST_ANSWERED) {
      const text = `${MOST_ANSWERED} requests are being answered; ask again in a while`;
      endWithProblem(res, new ArchiveError('busy', text, { retryable: true }));
      return;
    }
    answered += 1;
    res.once('close', () => {
      answered -= 1;
    });
    answer(req, res);
  };
}

/**
 * Has a server hold no more connections than it has room for: one too many ends the one that has waited
 * longest without a whole request. So whoever opens thousands and sends nothing keeps out nobody who
 * asks at once; refusing the newest, as `maxConnections` does, would keep out everybody else.
 */
export function limitConnections(server: Server): void {
  const open = new Map<string, Socket>();
  /** Those without a whole request, which has waited longest first. */
  const waiting = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    open.set(name, socket);
    waiting.add(name);
    socket.once('close', () => {
      if (open.get(name) !== socket) return;
      open.delete(name);
      waiting.delete(name);
    });
    const [oldest] = waiting;
    if (waiting.size <= MOST_WAITING || oldest === undefined) return;
    waiting.delete(oldest);
    open.get(oldest)?.destroy();
  });
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const name = nameOf(req.socket);
    const begin = () => waiting.delete(name);
    if (hasBody(req)) req.once('end', begin);
    else begin();
    res.once('close', () => open.has(name) && waiting.add(name));
  });
}

/** A connection with TLS has two sockets, and the same name by both. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
