import { once } from 'node:events';
import type { Server } from 'node:http';

/** What has not been read by then is cut off. */
const GRACE_MS = 1000;

/** Stops listening, lets what is being sent get through for a moment, and closes every connection. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
}
