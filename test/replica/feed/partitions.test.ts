import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArchiveError } from '../../../src/core/errors.ts';
import { toHex } from '../../../src/core/hash.ts';
import type { Network, PeerStream } from '../../../src/core/ports/network.ts';
import { syncWith } from '../../../src/replica/feed/sync-with.ts';
import { appendOf } from '../../support/deposits.ts';
import { connect, type FeedNode, FeedNodes } from '../../support/feed-node.ts';
import { testArchive } from '../../support/ledger-archive.ts';

const archive = testArchive('ana', 'ben', 'cyd');

interface Append {
  readonly move: 'append';
  readonly node: number;
  readonly count: number;
}

/** Pulls; gives up after so many messages, undefined for never. */
interface Pull {
  readonly move: 'pull';
  readonly node: number;
  readonly from: number;
  readonly cutAfter: number | undefined;
}

const node = fc.nat({ max: 2 });
const moves = fc.array(
  fc.oneof(
    fc.record<Append>({
      move: fc.constant('append' as const),
      node,
      count: fc.integer({ min: 1, max: 12 }),
    }),
    fc.record<Pull>({
      move: fc.constant('pull' as const),
      node,
      from: node,
      cutAfter: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
    }),
  ),
  { minLength: 1, maxLength: 25 },
);

/** Lets so many messages of the peer through, and then drops the stream. */
function cutting(stream: PeerStream, after: number): PeerStream {
  let left = after;
  return {
    peer: stream.peer,
    messages: stream.messages,
    send: (message) => stream.send(message),
    end: () => stream.end(),
    abort: (reason) => stream.abort(reason),
    receive: () => {
      if (left-- <= 0) stream.abort(new ArchiveError('aborted', 'cut off'));
      return stream.receive();
    },
    [Symbol.dispose]: () => stream[Symbol.dispose](),
  };
}

async function pull(to: FeedNode, from: FeedNode, cutAfter: number | undefined): Promise<void> {
  const network: Pick<Network, 'open'> = {
    open: async (...args) => {
      const stream = await to.network.open(...args);
      return cutAfter === undefined ? stream : cutting(stream, cutAfter);
    },
  };
  try {
    await syncWith(from.did, { ...to.parts, network });
  } catch (error) {
    if (cutAfter === undefined || !(error instanceof ArchiveError)) throw error;
    expect(error.code).toBe('aborted');
  }
}

const entriesOf = ({ ledger }: FeedNode) => ledger.feed.leaves(0, 10_000).map(toHex).sort();

it('ends with the same entries everywhere, whatever was cut off when', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (history) => {
      await using nodes = new FeedNodes(archive);
      const all = [await nodes.open('ana'), await nodes.open('ben'), await nodes.open('cyd')];
      const at = (index: number) => {
        const found = all[index];
        if (found === undefined) throw new RangeError('there are three nodes');
        return found;
      };
      for (const [i, one] of all.entries()) {
        for (const other of all.slice(i + 1)) await connect(one, other);
      }
      let named = 0;
      for (const one of history) {
        if (one.move === 'append') {
          for (let i = 0; i < one.count; i++) {
            await at(one.node).ledger.append(appendOf(`asset ${named++}`));
          }
        } else if (one.node !== one.from) {
          await pull(at(one.node), at(one.from), one.cutAfter);
        }
      }
      for (const _round of [1, 2]) {
        for (const to of all) {
          for (const from of all) if (from !== to) await pull(to, from, undefined);
        }
      }
      expect(entriesOf(at(1))).toEqual(entriesOf(at(0)));
      expect(entriesOf(at(2))).toEqual(entriesOf(at(0)));
      for (const { ledger } of all) {
        expect(ledger.size()).toBe(1 + named);
        expect(ledger.feeds.contradictions()).toEqual([]);
        for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
      }
    }),
    { numRuns: 10 },
  );
});
