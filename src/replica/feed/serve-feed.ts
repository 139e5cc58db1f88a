import { cidFromBytes } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { FeedHead, Leaf, LedgerFeed, MayHave } from '../../core/ports/ledger-feed.ts';
import type { Answer, PeerStream } from '../../core/ports/network.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { bodyParts, packed } from './body-parts.ts';
import { decodeRequest, encodeMessage, joined, MAX_LEAVES, type Request } from './protocol.ts';

/** What a node needs to let others read its arrival log. */
export interface ServeFeedParts {
  readonly feed: LedgerFeed;
  /** Says which records a peer may have; undefined if it is shown no entries. */
  readonly mayHave: (peer: Did) => MayHave | undefined;
}

/** Returns the answer to those who pull: one request after another, until the puller ends. */
export function serveFeed({ feed, mayHave }: ServeFeedParts): Answer {
  return async (stream) => {
    const allowed = mayHave(stream.peer);
    if (allowed === undefined) return await refuse(stream, 'a witness is shown no entries');
    let head: FeedHead | undefined;
    for await (const message of stream.messages) {
      const request = decodeRequest(message);
      switch (request.type) {
        case 'hello':
          if (request.archive !== feed.address) {
            return await refuse(stream, 'this is another archive');
          }
          head = await sendHead(stream, feed, request);
          break;
        case 'leaves':
          if (head === undefined) throw outOfTurn();
          await sendLeaves(stream, feed, request, head.size);
          break;
        case 'want':
          for await (const reply of packed(bodiesOf(request.leaves, feed, allowed))) {
            await stream.send(reply);
          }
          break;
        case 'records':
          for await (const reply of packed(recordsOf(request, feed, allowed))) {
            await stream.send(reply);
          }
          break;
      }
    }
  };
}

async function refuse(stream: PeerStream, text: string): Promise<void> {
  await stream.send(encodeMessage({ type: 'refused', text }));
}

/** Signs the log as it is now, with the proof that it goes on from what the puller saw. */
async function sendHead(
  stream: PeerStream,
  feed: LedgerFeed,
  { origin, size }: Request & { readonly type: 'hello' },
): Promise<FeedHead> {
  const head = feed.head();
  const seen = origin === head.origin ? Math.min(size, head.size) : 0;
  const proof = joined(feed.consistencyProof(seen, head.size));
  await stream.send(encodeMessage({ type: 'head', note: head.note, proof }));
  return head;
}

async function sendLeaves(
  stream: PeerStream,
  feed: LedgerFeed,
  { since, limit }: Request & { readonly type: 'leaves' },
  size: number,
): Promise<void> {
  const count = Math.max(0, Math.min(limit, MAX_LEAVES, size - since));
  const leaves = count === 0 ? [] : feed.leaves(since, count);
  const proof = feed.consistencyProof(since + leaves.length, size);
  await stream.send(
    encodeMessage({ type: 'leaves', leaves: joined(leaves), proof: joined(proof) }),
  );
}

/** Yields the parts of one body after another. */
async function* bodiesOf(leaves: readonly Leaf[], feed: LedgerFeed, mayHave: MayHave) {
  const takeTurn = takeTurns();
  for (const leaf of leaves) {
    await takeTurn();
    yield* bodyParts(feed.delivery(leaf, mayHave));
  }
}

async function* recordsOf(
  { of }: Request & { readonly type: 'records' },
  feed: LedgerFeed,
  mayHave: MayHave,
) {
  const takeTurn = takeTurns();
  for (const { leaf, records } of of) {
    await takeTurn();
    yield* bodyParts({ records: feed.records(leaf, records.map(cidFromBytes), mayHave) });
  }
}

function outOfTurn(): ArchiveError {
  return new ArchiveError('peer_invalid', 'the peer asked for leaves before it asked for a head');
}
