import { parentPort, workerData } from 'node:worker_threads';
import { ArchiveError } from '../../core/errors.ts';
import type { Inspector } from '../inspector.ts';
import { SegmentFiles } from '../segment-files.ts';
import { HEAD_BYTES } from '../segment-source.ts';
import { inspectAsset, type Workplace } from './inspect-asset.ts';
import type { InspectionOrders, InspectionReport, WorkerSetup } from './messages.ts';
import { ThreadProgress } from './thread-progress.ts';

/** Entry of the worker thread. It takes arrays of orders and answers arrays of reports. */

/** Reports are gathered for this long, so that little is inspected twice if the worker must be ended. */
const GATHER_MS = 20;

const port = parentPort;
if (port === null) throw new ArchiveError('internal', 'this module runs as a worker thread only');

/** Structured data of the pool that started this thread; both ends share the type. */
const setup = workerData as WorkerSetup;
/** A module that is written for this: the pool's tests have their own list. */
const list = (await import(setup.inspectorsModule)) as { INSPECTORS: readonly Inspector[] };

const files = new SegmentFiles();
const workplace: Workplace = {
  inspectors: list.INSPECTORS,
  limits: setup.limits,
  files,
  room: new Uint8Array(HEAD_BYTES),
  progress: new ThreadProgress(setup.progress),
  context: { trust: undefined },
};

const waiting: InspectionOrders[] = [];
let isWorking = false;

port.on('message', (orders: InspectionOrders) => {
  waiting.push(orders);
  if (!isWorking) void work();
});

async function work(): Promise<void> {
  isWorking = true;
  for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
    const { orders, context = workplace.context } = message;
    workplace.context = context;
    let reports: InspectionReport[] = [];
    let gatheredSince = performance.now();
    for (const order of orders) {
      reports.push({ id: order.id, findings: await inspectAsset(order, workplace) });
      const isSpent = workplace.inspectors.some((inspector) => inspector.isSpent?.() ?? false);
      if (!isSpent && performance.now() - gatheredSince < GATHER_MS) continue;
      port?.postMessage(reports);
      // The pool gives what is left to a fresh thread.
      if (isSpent) process.exit();
      reports = [];
      gatheredSince = performance.now();
    }
    files[Symbol.dispose]();
    if (reports.length > 0) port?.postMessage(reports);
  }
  isWorking = false;
}
