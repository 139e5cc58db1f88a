import { randomUUID } from 'node:crypto';
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ArchiveError } from '../../core/errors.ts';
import { toProblem } from '../problem.ts';

/** So long a client may go on sending what is not read, before its connection is cut. */
const GRACE_MS = 1000;

/** What Node calls a failure, and the status and words that tell it to the client. */
const REFUSALS: ReadonlyMap<string | undefined, readonly [number, string]> = new Map([
  ['HPE_HEADER_OVERFLOW', [431, 'the address and headers of the request are too long']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request did not come whole in time']],
]);
const TUNNEL = [405, 'CONNECT is not answered here'] as const;
const MALFORMED = [400, 'this is not a request of HTTP/1.1'] as const;

/** What was refused before anything could answer it. */
export interface Refused {
  readonly requestId: string;
  readonly status: number;
}

/**
 * Answers what Node cannot read as a request with a problem document, as any other refusal, and ends
 * the connection without a reset, so that a client that is still sending gets to read it. `tell` hears of
 * each, but for requests whose head was read: the status of their own answer says it then.
 */
export function refuseUnreadable(server: Server, tell: (refused: Refused) => void): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req, res) => answers.set(req.socket, res));
  server.on('connect', (_req, socket) => {
    // Node hears no more of its failures.
    socket.on('error', () => {});
    refuse(socket, ...TUNNEL);
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    // What goes on coming fails anew.
    if (socket.writableEnded) return;
    const answer = answers.get(socket);
    const isAnswering = answer?.headersSent && !answer.writableFinished;
    if (isAnswering || code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuse(socket, ...(REFUSALS.get(code) ?? MALFORMED));
  });

  function refuse(socket: Duplex, status: number, text: string): void {
    const answer = answers.get(socket);
    const isTold = answer !== undefined && !answer.writableFinished;
    const given = isTold ? answer.getHeader('X-Request-Id') : undefined;
    const requestId = String(given ?? randomUUID());
    if (isTold) answer.statusCode = status;
    else tell({ requestId, status });
    end(socket, refusal({ requestId, status }, text));
  }
}

function end(socket: Duplex, answer: string): void {
  socket.end(answer);
  const timer = setTimeout(() => socket.destroy(), GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}

function refusal({ requestId, status }: Refused, text: string): string {
  const problem = toProblem(new ArchiveError('input_invalid', text), status);
  const body = `${JSON.stringify(problem)}\n`;
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
