import type { Finding, InspectionRequest } from '../../core/ports/inspector.ts';
import type { InspectionContext } from '../inspector.ts';
import type { InspectionLimits } from '../limits.ts';

/** One asset to inspect, as sent to a worker. Orders travel in arrays: a message costs as much as a small file. */
export interface InspectionOrder {
  readonly id: number;
  readonly request: InspectionRequest;
  /** Places in the list of inspectors, in the order in which they run. */
  readonly inspectors: readonly number[];
}

/** What a worker is sent: orders, and the context for them and all that follow where it is another. */
export interface InspectionOrders {
  readonly orders: readonly InspectionOrder[];
  readonly context?: InspectionContext;
}

/** The findings of one order, in the order of its `inspectors`. */
export interface InspectionReport {
  readonly id: number;
  readonly findings: readonly Finding[];
}

/** What a worker is started with. */
export interface WorkerSetup {
  /** File URL of a module that exports `INSPECTORS`. */
  readonly inspectorsModule: string;
  readonly limits: InspectionLimits;
  readonly progress: SharedArrayBuffer;
}
