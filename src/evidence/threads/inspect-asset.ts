import { ArchiveError } from '../../core/errors.ts';
import type { Finding, InspectionRequest } from '../../core/ports/inspector.ts';
import {
  type ByteSource,
  type InspectionContext,
  type Inspector,
  Unreadable,
} from '../inspector.ts';
import type { InspectionLimits } from '../limits.ts';
import type { SegmentFiles } from '../segment-files.ts';
import { SegmentSource } from '../segment-source.ts';
import { unreadable } from '../unreadable-finding.ts';
import type { InspectionOrder } from './messages.ts';
import { monotonicNow, type ThreadProgress } from './thread-progress.ts';

/** What a worker needs for its work, made once. */
export interface Workplace {
  readonly inspectors: readonly Inspector[];
  readonly limits: InspectionLimits;
  readonly files: SegmentFiles;
  /** For the head of one asset after the other. */
  readonly room: Uint8Array;
  readonly progress: ThreadProgress;
  /** As the orders in hand came with it. */
  context: InspectionContext;
}

/** Runs the inspectors of one order over its asset, one after the other. Returns a finding for each. */
export async function inspectAsset(order: InspectionOrder, at: Workplace): Promise<Finding[]> {
  const findings: Finding[] = [];
  const started = monotonicNow();
  let source: ByteSource | Error | undefined;
  for (const [place, index] of order.inspectors.entries()) {
    const inspector = at.inspectors[index];
    if (inspector === undefined) throw new ArchiveError('internal', `no inspector ${index}`);
    at.progress.begin({
      order: order.id,
      inspector: place,
      deadline: deadlineFor(inspector, started, order.request, at.limits),
    });
    source ??= openSource(order.request, at);
    findings.push(await findingOf(inspector, source, at.context));
  }
  at.progress.end();
  return findings;
}

function deadlineFor(
  inspector: Inspector,
  started: bigint,
  request: InspectionRequest,
  limits: InspectionLimits,
): bigint {
  const nanoseconds = (milliseconds: number) => BigInt(Math.ceil(milliseconds * 1e6));
  if (!inspector.readsAll) return started + nanoseconds(limits.timeMs);
  const readingMs = (request.size / limits.slowestBytesPerSecond) * 1000;
  return monotonicNow() + nanoseconds(limits.timeMs + readingMs);
}

function openSource(request: InspectionRequest, at: Workplace): ByteSource | Error {
  try {
    return new SegmentSource(request, at.files, at.limits.readBytes, at.room);
  } catch (error) {
    return toError(error);
  }
}

async function findingOf(
  inspector: Inspector,
  source: ByteSource | Error,
  context: InspectionContext,
): Promise<Finding> {
  if (source instanceof Error) return unreadableBecause(inspector, source);
  try {
    const inspection = await inspector.inspect(source, context);
    return { inspector: inspector.name, version: inspector.version, ...inspection };
  } catch (error) {
    return unreadableBecause(inspector, toError(error));
  }
}

function unreadableBecause(inspector: Inspector, error: Error): Finding {
  if (error instanceof Unreadable) return unreadable(inspector, error.reason, error.message);
  return unreadable(inspector, 'failed', `${error.name}: ${error.message}`);
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
