import express, { type Express, type Request, Router } from 'express';
import type { Archive } from '../archive/archive.ts';
import type { EventHub } from '../archive/events/event-hub.ts';
import type { LiveReleases } from '../archive/live/live-releases.ts';
import { storedCid } from '../archive/open-dag.ts';
import type { OperationRunner } from '../archive/operations/operation-runner.ts';
import { readabilityFor } from '../archive/readability.ts';
import type { HotShards } from '../core/ports/hot-shards.ts';
import type { Log } from '../core/ports/log.ts';
import { assetsRoutes } from './assets-routes.ts';
import { browserRoute } from './callers/browser-route.ts';
import { guard } from './callers/guard.ts';
import { createRateLimits, type RateSettings } from './callers/rate-limits.ts';
import { refuseWithout, rightsOf } from './callers/roles.ts';
import { callerNow, callerOf, signIn } from './callers/sign-in.ts';
import type { Exposure } from './connections/exposure.ts';
import { limitAnswers } from './connections/limit-answers.ts';
import { type OpenedServer, openServer } from './connections/open-server.ts';
import type { Refused } from './connections/refuse-unreadable.ts';
import { answerOptions, contractRoutes, unanswered } from './contract/contract-routes.ts';
import { ENDPOINTS } from './contract/endpoints.ts';
import { eventsRoute } from './events-route.ts';
import { gatewayRoutes } from './gateway/gateway-routes.ts';
import { inquiryRoutes, type OpenInquiries } from './inquiries/inquiry-routes.ts';
import type { ObjectionParts } from './inquiries/objection-routes.ts';
import { type MakerTerms, makerRoutes } from './makers/maker-routes.ts';
import type { GivenAnswers } from './operations/given-answers.ts';
import { operationsRoutes } from './operations/operations-routes.ts';
import { previewRoute } from './preview-route.ts';
import { auditRoutes } from './releases/audit-routes.ts';
import { releaseRoutes } from './releases/release-routes.ts';
import { reservationRoutes } from './reservation-routes.ts';
import { problemHandler } from './send-problem.ts';
import { catalogueRoute } from './uploads/catalogue-route.ts';
import type { PartsFolder } from './uploads/parts-folder.ts';
import { resumableRoutes } from './uploads/resumable-routes.ts';
import { UploadRoom, type UploadSettings } from './uploads/upload-room.ts';
import { uploadRoute } from './uploads/upload-route.ts';
import { healthRoutes } from './watching/health-routes.ts';
import { logRefused, logRequests } from './watching/log-requests.ts';
import { createMetrics, type Metrics } from './watching/metrics.ts';
import { webRoutes } from './web-routes.ts';

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
  | 'releases'
  | 'revisions'
  | 'feed'
  | 'feeds'
  | 'clock'
  | 'signer'
  | 'verifySignature'
  | 'sha256'
  | 'intake'
  | 'passingFiles'
  | 'scratchFolder'
  | 'previews'
  | 'keptPreviews'
> &
  ObjectionParts & {
    readonly events: EventHub;
    readonly hotShards: Pick<HotShards, 'find'>;
    readonly live: Pick<LiveReleases, 'named' | 'view' | 'tables' | 'look' | 'isTouched'>;
    /** What is answered to people without an account; nothing where it is undefined. */
    readonly inquiries: OpenInquiries | undefined;
    readonly makers: MakerTerms;
    readonly uploads: UploadSettings;
    readonly rates: RateSettings;
    /** What was answered to requests that may be sent again. */
    readonly answers: GivenAnswers;
    /** Where uploads lie that go on later. */
    readonly parts: PartsFolder;
    /** Whether each request has a line in the log. */
    readonly logsRequests: boolean;
  };

/**
 * Answers requests until disposed.
 *
 * @throws {ArchiveError} `usage_invalid` if the address cannot be listened on.
 */
export function serveApi(
  exposure: Exposure,
  archive: Served,
  runner: Pick<OperationRunner, 'start'>,
  log: Log,
): Promise<OpenedServer> {
  const metrics = createMetrics(archive);
  const logRefusal = archive.logsRequests ? logRefused(log) : undefined;
  const tellRefused = (refused: Refused) => {
    metrics.countRefused(refused);
    logRefusal?.(refused);
  };
  return openServer(exposure, apiApp(exposure, archive, runner, metrics, log), tellRefused, log);
}

function apiApp(
  exposure: Exposure,
  archive: Served,
  runner: Pick<OperationRunner, 'start'>,
  metrics: Metrics,
  log: Log,
): Express {
  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('trust proxy', exposure.isProxy)
    .enable('strict routing');
  const limits = createRateLimits(archive.rates);
  const room = new UploadRoom(archive.uploads, archive);
  app.use(metrics.measure);
  if (archive.logsRequests) app.use(logRequests(log));
  app.use(guard(exposure));
  app.use(limitAnswers());
  const isGateway = (req: Request) => req.path.startsWith('/ipfs/');
  const forAll = Router({ strict: true })
    .get('/metrics', metrics.show)
    .use(healthRoutes(archive))
    .use(answerOptions(ENDPOINTS))
    .use(contractRoutes(ENDPOINTS))
    .use(reservationRoutes())
    .use(webRoutes());
  // The gateway answers the most requests, and nothing else answers at its paths.
  app.use((req, res, next) => (isGateway(req) ? next() : forAll(req, res, next)));
  app.use(signIn(archive));
  app.use(limits.countFailed, limits.count);
  app.use(
    gatewayRoutes(archive, async (req, asked) => {
      const caller = callerOf(req);
      const cid = storedCid(asked);
      if (cid !== undefined) await archive.live.look(cid);
      return (root) => {
        const may = readabilityFor(caller, root, archive);
        const isGiven = may === 'anybody' || (may === 'reader' && caller.kind !== 'owner');
        return isGiven && archive.live.isTouched(root) ? 'withdrawn' : may;
      };
    }),
  );
  app.use(browserRoute(archive));
  app.use(assetsRoutes(archive, runner));
  app.use(previewRoute(archive));
  app.use(inquiryRoutes(archive, archive.inquiries));
  const asks = archive.inquiries?.works.maxBytes ?? null;
  app.use(makerRoutes(archive, archive.makers, asks));
  app.use(uploadRoute(archive, runner, room, archive.answers));
  app.use(catalogueRoute(archive, runner, room));
  app.use(resumableRoutes(archive, runner, room, archive.parts));
  app.use(operationsRoutes(archive, runner, archive.answers));
  app.get(
    '/api/v1/events',
    (req, _res, next) => {
      refuseWithout('see', callerOf(req), archive.ledger.self.organisation);
      next();
    },
    eventsRoute(archive.events, (req) =>
      rightsOf(callerNow(req), archive.ledger.self.organisation).has('see'),
    ),
  );
  app.use(releaseRoutes(archive, callerOf));
  app.use(auditRoutes(archive, callerOf, log));
  app.use(unanswered(ENDPOINTS));
  app.use(problemHandler(log));
  return app;
}
