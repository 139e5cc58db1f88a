import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Archive } from '../../archive/archive.ts';
import type { EventHub } from '../../archive/events/event-hub.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isOfArchive } from '../../core/ports/network.ts';
import { isFromNearby } from '../connections/client-address.ts';
import type { Refused } from '../connections/refuse-unreadable.ts';
import { methodOf, routeOf } from './route-of.ts';

const STATUSES = ['deposited', 'synthetic', 'withdrawn', 'removed'] as const;

/** Gauges of the library that are called as only counters may be; `promtool check metrics` finds them. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** From what a look into memory takes to what a client waits for at most. */
const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10, 60];

type Measured = Pick<Archive, 'ledger' | 'catalog' | 'neighbours' | 'webhooks'> & {
  readonly events: Pick<EventHub, 'readers'>;
};

export interface Metrics {
  /** Measures every request that passes. */
  readonly measure: RequestHandler;
  /** Counts what could not be read as a request, and was refused. */
  readonly countRefused: (refused: Refused) => void;
  /** Answers with all measures in the text format of Prometheus. */
  readonly show: RequestHandler;
}

/**
 * What an operator watches: requests by method, route and status, what the archive holds, who is
 * connected, and the process itself. Labels have few values whatever is asked: no path, name or key.
 */
export function createMetrics(archive: Measured): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const requests = new Histogram({
    name: 'ringfence_http_request_duration_seconds',
    help: 'Time until a request was answered whole, or its client went away.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  for (const [name, help, read] of gaugesOf(archive)) {
    registerGauge(registry, name, help, read);
  }
  registerAssets(registry, archive);
  return {
    measure: (req, res, next) => {
      const end = requests.startTimer();
      res.once('close', () => {
        end({ method: methodOf(req), route: routeOf(req), status: res.statusCode });
      });
      next();
    },
    countRefused({ status }) {
      requests.observe({ method: 'other', route: 'none', status }, 0);
    },
    show: async (req, res) => {
      if (!isFromNearby(req)) {
        throw new ArchiveError(
          'not_allowed',
          'measures are for this machine and private networks; ask from one of them',
        );
      }
      res.set('Cache-Control', 'no-store').set('Content-Type', registry.contentType);
      res.send(await registry.metrics());
    },
  };
}

/** Keys of others that are to hold copies, each of which is a node: whoever holds none may have no node. */
function partnersOf(ledger: Archive['ledger']): number {
  const nodes = ledger.members().filter(({ replica }) => replica !== 'none');
  return nodes.flatMap(({ keys }) => keys).filter((key) => key !== ledger.self.did).length;
}

function gaugesOf({ ledger, neighbours, webhooks, events }: Measured) {
  const partners = () =>
    neighbours.connected().filter(({ standing }) => isOfArchive(standing)).length;
  const behind = () => webhooks.list().map(({ upTo }) => ledger.size() - 1 - upTo);
  return [
    [
      'ringfence_ledger_entries',
      'Entries that this node has taken into its ledger.',
      () => ledger.size(),
    ],
    [
      'ringfence_partners',
      'Nodes besides this one that are to hold copies.',
      () => partnersOf(ledger),
    ],
    ['ringfence_peers_connected', 'Members and guests that are connected.', partners],
    [
      'ringfence_peers_troubled',
      'Members whose log could not be taken.',
      () => neighbours.troubles().length,
    ],
    ['ringfence_event_readers', 'Clients that are told of events.', () => events.readers],
    ['ringfence_webhooks', 'Webhooks of this home.', () => webhooks.list().length],
    [
      'ringfence_webhook_behind_entries',
      'Entries that the webhook furthest behind has not taken.',
      () => Math.max(0, ...behind()),
    ],
  ] as const;
}

function registerGauge(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => gauge.set(read()),
  });
}

function registerAssets(registry: Registry, { catalog }: Measured): void {
  const gauge: Gauge<'status'> = new Gauge({
    name: 'ringfence_assets',
    help: 'Assets in the catalog by status.',
    labelNames: ['status'],
    registers: [registry],
    collect: async () => {
      for (const status of STATUSES) gauge.set({ status }, await catalog.count({ status }));
    },
  });
}
