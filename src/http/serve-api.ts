import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { Archive } from '../archive/archive.ts';
import type { EventHub } from '../archive/events/event-hub.ts';
import type { OperationRunner } from '../archive/operations/operation-runner.ts';
import { readabilityFor } from '../archive/readability.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { assetsRoutes } from './assets-routes.ts';
import { limitBodies } from './body-deadlines.ts';
import { browserRoute } from './browser-route.ts';
import { closeServer } from './close-server.ts';
import { contractRoutes, unanswered } from './contract/contract-routes.ts';
import { ENDPOINTS } from './contract/endpoints.ts';
import { eventsRoute } from './events-route.ts';
import { gatewayRoutes } from './gateway/gateway-routes.ts';
import { guard } from './guard.ts';
import { healthRoutes } from './health-routes.ts';
import { inquiryRoutes, type OpenInquiries } from './inquiries/inquiry-routes.ts';
import type { ListenAddress } from './listen-address.ts';
import { logRequests } from './log-requests.ts';
import { createMetrics } from './metrics.ts';
import { operationsRoutes } from './operations-routes.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { refuseWithout } from './roles.ts';
import { problemHandler } from './send-problem.ts';
import { callerOf, signIn } from './sign-in.ts';
import type { PartsFolder } from './uploads/parts-folder.ts';
import { resumableRoutes } from './uploads/resumable-routes.ts';
import { UploadRoom, type UploadSettings } from './uploads/upload-room.ts';
import { uploadRoute } from './uploads/upload-route.ts';
import { webRoutes } from './web-routes.ts';

/** Headers that have not come by then, or a reader that takes nothing for so long, are let go. */
const HEADERS_MS = 10_000;
const IDLE_MS = 60_000;
const MAX_CONNECTIONS = 256;
/** The longest address that the contract allows, percent-encoded, fits. */
const MAX_HEADER_BYTES = 65_536;

/** What requests are answered from. */
type Served = Pick<
  Archive,
  | 'content'
  | 'served'
  | 'ledger'
  | 'catalog'
  | 'neighbours'
  | 'webhooks'
  | 'browsers'
  | 'clock'
  | 'intake'
  | 'passingFiles'
  | 'scratchFolder'
> & {
  readonly events: EventHub;
  /** What is answered to people without an account; nothing where it is undefined. */
  readonly inquiries: OpenInquiries | undefined;
  readonly uploads: UploadSettings;
  /** Where uploads lie that go on later. */
  readonly parts: PartsFolder;
  /** Whether each request has a line in the log. */
  readonly logsRequests: boolean;
};

export interface RunningApi extends AsyncDisposable {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
}

/**
 * Answers requests on loopback until disposed.
 *
 * @throws {ArchiveError} `usage_invalid` if the address cannot be listened on.
 */
export async function serveApi(
  address: ListenAddress,
  archive: Served,
  runner: Pick<OperationRunner, 'start'>,
  log: Log,
): Promise<RunningApi> {
  const limits = {
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const room = new UploadRoom(archive.uploads, archive);
  const server = createServer(limits, apiApp(archive, runner, room, log));
  limitBodies(server);
  refuseUnreadable(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = IDLE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const text = `${address.host}:${address.port} cannot be listened on (${cause.code}); give another address, or port 0 for any`;
      reject(new ArchiveError('usage_invalid', text, { cause }));
    });
    server.listen(address.port, address.host);
  });
  server.on('error', ({ message }) =>
    log({ level: 'error', event: 'interface', text: `the HTTP interface failed: ${message}` }),
  );
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}`, [Symbol.asyncDispose]: () => closeServer(server) };
}

function apiApp(
  archive: Served,
  runner: Pick<OperationRunner, 'start'>,
  room: UploadRoom,
  log: Log,
): Express {
  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .enable('strict routing');
  const metrics = createMetrics(archive);
  app.use(metrics.measure);
  if (archive.logsRequests) app.use(logRequests(log));
  app.use(guard);
  app.get('/metrics', metrics.show);
  app.use(healthRoutes(archive));
  app.use(contractRoutes(ENDPOINTS));
  app.use(webRoutes());
  app.use(browserRoute(archive));
  app.use(signIn(archive));
  app.use(assetsRoutes(archive, runner));
  app.use(inquiryRoutes(archive.inquiries));
  app.use(uploadRoute(archive, runner, room));
  app.use(resumableRoutes(archive, runner, room, archive.parts));
  app.use(operationsRoutes(archive, runner));
  app.get(
    '/api/v1/events',
    (req, _res, next) => {
      refuseWithout('see', callerOf(req), archive.ledger.self.organisation);
      next();
    },
    eventsRoute(archive.events),
  );
  app.use(
    gatewayRoutes(archive, (req) => {
      const caller = callerOf(req);
      return (root) => readabilityFor(caller, root, archive);
    }),
  );
  app.use(unanswered(ENDPOINTS));
  app.use(problemHandler(log));
  return app;
}
