import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client that asks nothing, or takes nothing of its answer, for so long is let go. */
const IDLE_MS = 60_000;

/**
 * Ends connections on which nothing has passed for a minute, unless a request is being answered and nothing
 * of the answer waits to be taken: whatever the node works at may take hours, and its client waits for it.
 * What does not come whole of a request is let go by `body-deadlines.ts`.
 */
export function endIdle(server: Server, idleMs = IDLE_MS): void {
  const answers = new WeakMap<Socket, ServerResponse>();
  server.on('request', (req, res) => answers.set(req.socket, res));
  server.setTimeout(idleMs, (socket) => {
    const isAnswering = answers.get(socket)?.writableFinished === false;
    if (!isAnswering || socket.writableLength > 0) socket.destroy();
  });
}
