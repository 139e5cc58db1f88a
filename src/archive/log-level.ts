import type { Did } from '../core/entries/did-key.ts';
import type { Archive } from './archive.ts';

/** How another node's log and this home's stand to each other, as of what that node said last. */
export interface LogLevel {
  /** Entries of its log that are not taken here yet. */
  readonly toTake: number;
  /** Entries here that its log does not have yet. */
  readonly toGive: number;
}

/** Returns how far a node's log and this home's are apart; null where nothing was ever seen of it. */
export function logLevel(
  peer: Did,
  { ledger, feeds }: Pick<Archive, 'ledger' | 'feeds'>,
): LogLevel | null {
  const feed = feeds.newestFeed(peer);
  if (feed === undefined) return null;
  const { head, taken } = feed;
  return {
    toTake: Math.max(0, head.size - taken.size),
    toGive: Math.max(0, ledger.size() - Math.min(taken.size, head.size)),
  };
}
