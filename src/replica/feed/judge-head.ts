import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes, type Sha256 } from '../../core/hash.ts';
import { rootOf, verifyConsistency } from '../../core/merkle/tree.ts';
import type { Contradiction, KnownFeed, KnownFeeds } from '../../core/ports/known-feeds.ts';
import type { FeedHead } from '../../core/ports/ledger-feed.ts';

/**
 * Remembers a head that a peer has shown, if it goes on from what was seen of the peer before.
 *
 * A new origin begins a new feed: a home that was restored. An earlier one that goes on beside it shows
 * that the key is in use in two places; that is told, and both feeds are taken.
 *
 * @throws {ArchiveError} `peer_equivocates` if it contradicts what was seen; both signed notes are kept
 * then. `peer_invalid` for a head that is older than one it has shown.
 */
export function judgeHead(
  peer: Did,
  shown: { readonly head: FeedHead; readonly proof: readonly Uint8Array[] },
  feeds: KnownFeeds,
  sha256: Sha256,
): KnownFeed {
  const { head, proof } = shown;
  const known = feeds.feed(head.origin);
  const newest = feeds.newestFeed(peer);
  if (known !== undefined) {
    const seen = known.head;
    if (head.size < seen.size) {
      throw new ArchiveError(
        'peer_invalid',
        `the peer shows an older head (${head.size} entries) than before (${seen.size}); ` +
          'if it was restored from a copy of its home, it must be restored with "ringfence restore"',
      );
    }
    const goesOn =
      seen.size === 0 ||
      verifyConsistency(seen.size, head.size, proof, seen.root, head.root, sha256);
    if (!goesOn || !holdsTaken(known, head, sha256)) {
      throw accuse(feeds, { peer, sort: 'rewritten', notes: [seen.note, head.note] });
    }
    const isSuperseded = newest !== undefined && newest.head.origin !== head.origin;
    if (isSuperseded && head.size > seen.size) {
      accuse(feeds, { peer, sort: 'copied-key', notes: [newest.head.note, head.note] });
    }
  }
  feeds.saw(peer, head);
  return feeds.feed(head.origin) ?? { peer, head, taken: { size: 0, hashes: [] } };
}

/** Returns the failure that an unsettled rewriting of history is: nothing more is taken then. */
export function unsettled(peer: Did, feeds: KnownFeeds): ArchiveError | undefined {
  const found = feeds
    .contradictions()
    .find((one) => one.peer === peer && one.sort === 'rewritten' && !one.settled);
  return found && equivocation(peer);
}

function accuse(feeds: KnownFeeds, one: Omit<Contradiction, 'settled'>): ArchiveError {
  const isKnown = feeds
    .contradictions()
    .some(({ peer, sort, settled }) => peer === one.peer && sort === one.sort && !settled);
  if (!isKnown) feeds.accuse(one);
  return equivocation(one.peer);
}

function equivocation(peer: Did): ArchiveError {
  return new ArchiveError(
    'peer_equivocates',
    `${peer} has signed two histories of its ledger that cannot both be true; nothing more is ` +
      'taken from it until you have looked into it ("ringfence doctor" shows both notes)',
  );
}

/** Where all of the head is taken already, its root must be that of what was taken. */
function holdsTaken({ taken }: KnownFeed, head: FeedHead, sha256: Sha256): boolean {
  return taken.size < head.size || equalBytes(rootOf(taken, sha256), head.root);
}
