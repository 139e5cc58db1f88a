import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Server as Accepting } from 'node:net';

/** What has not been read by then is cut off. */
const GRACE_MS = 1000;

/**
 * Stops listening, with what else accepts connections for it, lets what is being sent get through for a moment, and
 * closes every connection.
 */
export async function closeServer(
  server: Server,
  others: readonly Accepting[] = [],
): Promise<void> {
  const all = [server, ...others];
  const closed = Promise.all(all.map((one) => once(one, 'close')));
  for (const one of all) one.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
}
