import { EventHub } from '../archive/events/event-hub.ts';
import { WebhookDelivery } from '../archive/events/webhook-delivery.ts';
import { LiveReleases } from '../archive/live/live-releases.ts';
import { timestampOf } from '../archive/now.ts';
import { OperationRunner } from '../archive/operations/operation-runner.ts';
import { carryOutAllRemovals } from '../archive/operations/remove-assets.ts';
import { Projector } from '../archive/projector.ts';
import type { Log } from '../core/ports/log.ts';
import type { PeerAddress } from '../core/ports/network.ts';
import { GivenAnswers } from '../http/operations/given-answers.ts';
import { serveOperations } from '../http/operations/serve-operations.ts';
import { serveApi } from '../http/serve-api.ts';
import { PartsFolder } from '../http/uploads/parts-folder.ts';
import { webhookPoster } from '../http/webhooks/post-webhook.ts';
import { tellWhere } from './files/node-file.ts';
import { readSettings } from './home.ts';
import { type OpenedArchive, openArchive } from './open-archive.ts';
import { openInquiries } from './open-inquiries.ts';
import { type OpenedPeers, openPeers } from './partnering/open-peers.ts';
import { startHolding } from './partnering/start-holding.ts';
import { startRemoving } from './partnering/start-removing.ts';
import { exposureOf } from './settings/exposure-settings.ts';
import { type Environs, systemEnvirons } from './system.ts';

/** What the node does by itself is told to nobody but its log. */
const UNTOLD = { progress: () => {}, notice: () => {}, item: async () => {} };

export interface NodeOptions {
  readonly log: Log;
  /** Where to answer reading requests, `HOST:PORT` or `off`, whatever the home's settings say. */
  readonly listen?: string | undefined;
  readonly environs?: Environs;
  /** Where other nodes reach this one, whatever the home's settings say. */
  readonly p2p?: readonly PeerAddress[] | undefined;
}

/** An archive that is open for as long as the process runs, and serves others. */
export interface RunningNode extends AsyncDisposable {
  readonly archive: OpenedArchive;
  /** To be told by whatever takes entries of others into the ledger. */
  readonly projector: Projector;
  /** Where it answers reading requests; null if nowhere. */
  readonly url: string | null;
  readonly peers: OpenedPeers;
}

/**
 * Opens the archive of a home, starts everything that a node runs, and offers the archive to other
 * processes of this user until disposed: then what is under way is stopped, in the opposite order.
 *
 * `node.json` in the home says for as long where the node is to be found.
 *
 * @throws {ArchiveError} as `openArchive`; `usage_invalid` for an address that cannot be listened on.
 */
export async function openNode(home: string, options: NodeOptions): Promise<RunningNode> {
  const { log, environs = systemEnvirons } = options;
  const given = { options: { listen: options.listen, 'network.listen': options.p2p } };
  const { values: settings } = await readSettings(home, given);
  const exposure = exposureOf(settings, home);
  await using started = new AsyncDisposableStack();
  const onNotice = (text: string) => log({ level: 'warning', event: 'notice', text });
  const archive = started.use(await openArchive(home, { environs, onNotice, given }));
  const projector = started.use(new Projector(archive.catalog, log));
  await archive.catalog.catchUp();
  const at = () => timestampOf(archive.clock);
  const events = started.use(new EventHub({ ...archive, at }));
  const live = started.use(new LiveReleases(archive, log, events));
  const peers = started.use(await openPeers(archive, { projector, live, log }));
  const { neighbours, services, network } = peers;
  const post = webhookPoster(archive.clock);
  started.use(new WebhookDelivery({ ...archive, hub: events, post, log }));
  started.defer(network.watch((change) => events.peerChanged(change)));
  const runner = new OperationRunner(
    { ...archive, neighbours, replica: services.replica },
    log,
    events,
  );
  const carryOut = (how: { readonly isNewOnly: boolean }, signal: AbortSignal) =>
    runner.start(carryOutAllRemovals, how, { ...UNTOLD, signal }).result;
  started.use(startRemoving({ archive, log, carryOut }));
  started.use(startHolding(settings.inquiries, { archive, projector, log }));
  const inquiries = started.use(openInquiries(settings.inquiries, archive));
  const { uploads, rates, makers, log: logging } = settings;
  const parts = started.use(await PartsFolder.open(home, uploads.keptHours * 3_600_000));
  const answers = started.use(await GivenAnswers.open(home));
  const logsRequests = logging.requests;
  const limits = { uploads, rates, makers };
  const beside = { neighbours, events, inquiries, ...limits, parts, answers, logsRequests };
  const served = { ...archive, ...beside, live };
  const api = exposure && started.use(await serveApi(exposure, served, runner, log));
  const url = api?.url ?? null;
  started.use(await serveOperations(home, runner, log));
  started.use(tellWhere(home, { pid: process.pid, url, started: environs.clock() }));
  const running = started.move();
  return { archive, projector, peers, url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
