import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type CountingOptions, replicaStatus } from './replica-status.ts';

type Parts = Pick<
  Archive,
  'content' | 'ledger' | 'feeds' | 'catalog' | 'clock' | 'replica' | 'copyHistory'
>;

/**
 * Remembers how each other node that is to hold anything stands now, and returns whether each was
 * connected. Durable when the promise resolves. Looks at every asset that each is to hold.
 *
 * @throws {ArchiveError} `aborted`, `policy_unknown`, `disk_full`, `file_unreadable`.
 */
export async function noteCopies(
  parts: Parts,
  options: Omit<CountingOptions, 'isOfOthers'>,
): Promise<ReadonlyMap<string, boolean>> {
  const { nodes: others } = await replicaStatus(parts, { ...options, isOfOthers: true });
  const at = timestampOf(parts.clock);
  const samples = others.map(({ did, connected, level, wanted, proven, lost }) => ({
    ...{ did, at, connected, wanted, proven, lost },
    toTake: level?.toTake ?? null,
    toGive: level?.toGive ?? null,
  }));
  if (samples.length > 0) await parts.copyHistory.add(samples, at);
  return new Map(others.map(({ did, connected }) => [did, connected]));
}
