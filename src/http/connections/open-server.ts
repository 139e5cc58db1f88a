import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../core/ports/log.ts';
import { limitBodies } from './body-deadlines.ts';
import { followCertificate, readCertificate } from './certificate.ts';
import { closeServer } from './close-server.ts';
import type { Exposure } from './exposure.ts';
import { endIdle } from './idle-connections.ts';
import { limitConnections } from './limit-connections.ts';
import { listen } from './listen.ts';
import { type Refused, refuseUnreadable } from './refuse-unreadable.ts';

/** A client whose headers have not come by then is let go. */
const HEADERS_MS = 10_000;
/** One that has gone without a word is found out so long after it was last heard of. */
const SILENT_MS = 60_000;
/** The longest address that the contract allows, percent-encoded, fits. */
const MAX_HEADER_BYTES = 65_536;

/** A server that answers until it is disposed. */
export interface OpenedServer extends AsyncDisposable {
  /** Where it is reached: by what people call it, or the address that it listens on. */
  readonly url: string;
}

/**
 * Listens where a node is to answer, with TLS where it has a certificate. What cannot be read as a request is
 * refused and told to `tellRefused`.
 *
 * @throws {ArchiveError} `usage_invalid` if the address cannot be listened on, or the certificate used.
 */
export async function openServer(
  exposure: Exposure,
  answer: RequestListener,
  tellRefused: (refused: Refused) => void,
  log: Log,
): Promise<OpenedServer> {
  await using opened = new AsyncDisposableStack();
  const limits = {
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: 1000,
    keepAlive: true,
    keepAliveInitialDelay: SILENT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Whoever names none is refused as whoever names another: `guard.ts`.
    requireHostHeader: false,
  };
  const server = serverFor(exposure, limits, answer, opened, log);
  limitBodies(server);
  server.on('checkExpectation', answer);
  refuseUnreadable(server, tellRefused);
  limitConnections(server);
  endIdle(server);
  const others = await listen(server, exposure, limits, {
    onError: ({ message }) =>
      log({ level: 'error', event: 'interface', text: `the HTTP interface failed: ${message}` }),
    onFewer: (sockets, cause) => {
      const text = `connections are accepted on fewer sockets than usual (${sockets}), so more slowly in a crowd (${cause}); raise the limit of open files`;
      log({ level: 'warning', event: 'interface', text });
    },
  });
  opened.defer(() => closeServer(server, others));
  const running = opened.move();
  const url = exposure.publicUrl ?? localUrl(exposure, server);
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function serverFor(
  { tls }: Exposure,
  limits: ServerOptions,
  answer: RequestListener,
  opened: AsyncDisposableStack,
  log: Log,
): Server | SecureServer {
  if (tls === undefined) return createServer(limits, answer);
  const options = { ...limits, ...readCertificate(tls), handshakeTimeout: HEADERS_MS };
  const server = createSecureServer(options, answer);
  opened.use(followCertificate(server, tls, log));
  return server;
}

/** Of an address that stands for all of them, this machine reaches the one on loopback. */
function localUrl({ host, tls }: Exposure, server: Server | SecureServer): string {
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const scheme = tls === undefined ? 'http' : 'https';
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
