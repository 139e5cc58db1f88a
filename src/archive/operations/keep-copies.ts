import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { Replica } from '../../core/ports/replica.ts';
import { HISTORY_DAYS } from '../../core/sharing/kept-samples.ts';
import { checkFixity } from '../copies/check-fixity.ts';
import { copyHistoryOf } from '../copies/copy-history-of.ts';
import { replicaStatus } from '../copies/replica-status.ts';
import { fixityReport } from './answers/care.ts';
import { nodeHistory, replicas, replication } from './answers/peers.ts';
import { createOperation } from './operation.ts';

/** Copies proven in the last so many days are left out, unless everything is asked for. */
const FRESH_DAYS = 30;

/** Reads stored bytes again, repairs from partners what is damaged where a node runs, records it. */
export const checkStoredBytes = createOperation({
  name: 'fixity',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ isEverything: z.boolean() }),
  result: fixityReport,
  async run(archive, { isEverything }, { signal, progress }) {
    const { replica, catalog } = archive;
    const report = await checkFixity(archive, {
      signal,
      olderThanDays: isEverything ? undefined : FRESH_DAYS,
      onProgress: (done) => progress('checking', done),
      repair:
        replica &&
        ((damaged) => replica.repair(damaged.map((one) => ({ root: one.asset, ...one })))),
    });
    await catalog.catchUp({ signal });
    return report;
  },
});

/** Fetches what this home is to hold and does not. */
export const replicateNow = createOperation({
  name: 'replicate.now',
  opens: 'archive',
  changes: true,
  input: z.strictObject({}),
  result: replication,
  run: async ({ replica }, _input, { signal }) => running(replica).replicate({ signal }),
});

/** Tells for each node what it is to hold, holds and has shown. */
export const showReplicas = createOperation({
  name: 'replicate.status',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    policy: z.string(),
    isKept: z
      .boolean()
      .exactOptional()
      .describe(
        'Counts from some time ago will do: four times as long as counting takes at most, or before anything changed',
      ),
  }),
  result: replicas,
  run: async (archive, { policy, isKept }, { signal }) =>
    replicaStatus(archive, { policy, isKept, signal }),
});

/** Tells how each other node stood from time to time, as this home remembers it. */
export const showCopyHistory = createOperation({
  name: 'replicate.history',
  opens: 'stale-archive',
  changes: false,
  input: z.strictObject({ days: z.int().min(1).max(HISTORY_DAYS) }),
  result: z.array(nodeHistory),
  run: async (archive, { days }) =>
    copyHistoryOf(days, archive).map(({ samples, ...node }) => ({
      ...node,
      samples: [...samples],
    })),
});

function running(replica: Replica | undefined): Replica {
  if (replica !== undefined) return replica;
  throw new ArchiveError(
    'usage_invalid',
    'no node runs for this home, so there is nobody to fetch from; start one with "ringfence serve"',
  );
}
