import { encodeNewestWord, MOST_SEEN } from '../../core/dataset/newest-word.ts';
import { toHex } from '../../core/hash.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import type { LiveView } from './live-release.ts';
import type { ServedTables } from './served-tables.ts';

/**
 * Returns `newest.json`: this node's signed word on which revision of a release is the newest now, with how
 * far its own log goes and how far it has seen those of others. `served` are the tables; undefined while they
 * are being written.
 */
export function newestWord(
  { release, revision, lists }: LiveView,
  served: ServedTables | undefined,
  nonce: string | null,
  parts: Pick<Archive, 'ledger' | 'feed' | 'feeds' | 'clock' | 'signer' | 'sha256'>,
): Uint8Array {
  const { ledger, feed, feeds, clock, signer, sha256 } = parts;
  const last = lists.at(-1);
  const others = ledger
    .members()
    .flatMap(({ keys }) => keys)
    .filter((key) => key !== signer.did);
  const seen = others.flatMap((node) => {
    const note = feeds.newestFeed(node)?.head.note;
    return note === undefined ? [] : [{ node, note }];
  });
  return encodeNewestWord(
    {
      ...{ spec: 'ringfence/newest/1', release, revision, at: timestampOf(clock), nonce },
      files: served?.files ?? null,
      list: last === undefined ? null : toHex(sha256(last)),
      node: signer.did,
      head: feed.head().note,
      seen: seen.slice(0, MOST_SEEN),
    },
    signer,
  );
}
