import { expect, it } from 'vitest';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { PeerAddress } from '../../../src/core/ports/network.ts';
import { Introducing } from '../../../src/replica/introductions/introducing.ts';
import {
  decodeIntroduction,
  encodeIntroduction,
  INTRODUCTIONS,
  type Introduction,
} from '../../../src/replica/introductions/protocol.ts';
import { eventually } from '../../support/eventually.ts';
import { type FeedNode, FeedNodes } from '../../support/feed-node.ts';
import { signerOf } from '../../support/keys.ts';
import { testArchive } from '../../support/ledger-archive.ts';

const archive = testArchive('ana', 'ben', 'cyd');

const keyIn = (address: PeerAddress) => /^\/memory\/.*\/p2p\/(.*)$/.exec(address)?.[1] as Did;

const addressOf = ({ network }: FeedNode) => network.addresses[0] ?? '';

/** Has a node tell others where it is; what it knows is kept in `file` beyond its end. */
function introduce({ network, ledger }: FeedNode, file = { text: '' }) {
  const problems: string[] = [];
  const dialled: PeerAddress[] = [];
  const dial: typeof network.dial = (address, options) => {
    dialled.push(address);
    return network.dial(address, options);
  };
  const { addresses } = network;
  const introducing = new Introducing({
    network: {
      dial,
      open: (...args) => network.open(...args),
      handle: (...args) => network.handle(...args),
      peers: () => network.peers(),
      watch: (listener) => network.watch(listener),
    },
    ...{ ledger, feed: ledger.feed, keyIn, random: () => 0, gapMs: 5 },
    addresses: () => addresses,
    saved: file.text,
    save: async (text) => {
      file.text = text;
    },
    onProblem: (error) => void problems.push(String(error)),
  });
  introducing.start();
  return {
    ...{ problems, dialled, file },
    [Symbol.asyncDispose]: () => introducing[Symbol.asyncDispose](),
  };
}

/** Says something to a node, as a member would, and returns what it answers. */
async function say(from: FeedNode, to: FeedNode, said: Introduction): Promise<Introduction> {
  using stream = await from.network.open(to.did, INTRODUCTIONS);
  await stream.send(encodeIntroduction(said));
  await stream.end();
  return decodeIntroduction((await stream.receive()) ?? new Uint8Array());
}

const connected = (one: FeedNode) => one.network.peers().map(({ peer }) => peer);

it('brings two members together that both know only a third, which may then be gone', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben, cyd] = [
    await nodes.open('ana'),
    await nodes.open('ben'),
    await nodes.open('cyd'),
  ];
  const first = introduce(ana);
  await using b = introduce(ben);
  await using c = introduce(cyd);
  for (const node of [ben, cyd]) await node.network.dial(addressOf(ana));
  await eventually(() => expect(connected(ben)).toContain(cyd.did));
  await first[Symbol.asyncDispose]();
  await nodes.unplug(ana);
  nodes.hub.remove(addressOf(ana));
  await nodes.unplug(ben);
  await eventually(() => expect(connected(ben)).toEqual([cyd.did]));
  await eventually(() => expect(c.file.text).toContain(addressOf(ben)));
  expect([...b.problems, ...c.problems]).toEqual([]);
});

it('finds members again after a restart, with nobody left who knows them', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben] = [await nodes.open('ana'), await nodes.open('ben')];
  const file = { text: '' };
  {
    await using _a = introduce(ana);
    await using _b = introduce(ben, file);
    await ben.network.dial(addressOf(ana));
    await eventually(() => expect(file.text).toContain(addressOf(ana)));
  }
  await nodes.unplug(ben);
  await using again = introduce(ben, file);
  await eventually(() => expect(connected(ben)).toEqual([ana.did]));
  expect(again.dialled).toEqual([addressOf(ana)]);
});

it('begins anew when what it had saved is damaged', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben] = [await nodes.open('ana'), await nodes.open('ben')];
  await using _a = introduce(ana);
  await using b = introduce(ben, { text: '[{"member":1}' });
  await ben.network.dial(addressOf(ana));
  await eventually(() => expect(b.file.text).toContain(addressOf(ana)));
});

it('dials a few addresses at most, of members alone, whatever a member says', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben, cyd] = [
    await nodes.open('ana'),
    await nodes.open('ben'),
    await nodes.open('cyd'),
  ];
  await using b = introduce(ben);
  await ana.network.dial(addressOf(ben));
  const nowhere = (key: Did, i: number) => `/memory/${i}00/p2p/${key}`;
  const stranger = signerOf('somebody').did;
  const many = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const others = [
    ...many.map((i) => nowhere(cyd.did, i)),
    ...many.map((i) => nowhere(stranger, i)),
    ...many.map((i) => nowhere(ben.did, i)),
    'not an address',
  ];
  // Its own address is another's, and what it says of others ends in keys of its choice.
  const answer = await say(ana, ben, { own: [nowhere(cyd.did, 10)], others });
  expect(answer).toEqual({ own: [addressOf(ben)], others: [] });
  const lies = [9, 8, 7, 6].map((i) => nowhere(cyd.did, i));
  await eventually(() => expect(b.dialled.slice(0, 4)).toEqual(lies));
  expect(new Set(b.dialled)).toEqual(new Set(lies));
  // Hearsay is not passed on, and falls when the member speaks for itself.
  expect(await say(ana, ben, { own: [], others: [] })).toMatchObject({ others: [] });
  await cyd.network.dial(addressOf(ben));
  await say(cyd, ben, { own: [addressOf(cyd)], others: [] });
  await eventually(() => expect(b.file.text).toContain(addressOf(cyd)));
  for (const lie of lies) expect(b.file.text).not.toContain(lie);
  expect(await say(ana, ben, { own: [], others: [] })).toMatchObject({ others: [addressOf(cyd)] });
});

it('refuses a message that says more than a member has to say', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben] = [await nodes.open('ana'), await nodes.open('ben')];
  await using _b = introduce(ben);
  await ana.network.dial(addressOf(ben));
  const tooMuch = [
    { own: ['1', '2', '3', '4', '5'], others: [] },
    { own: ['x'.repeat(257)], others: [] },
    { own: [], others: Array<string>(513).fill('x') },
  ];
  for (const said of tooMuch) await expect(say(ana, ben, said)).rejects.toThrow();
  expect(ben.network.complaints()).toMatchObject([{ code: 'peer_invalid', count: 3 }]);
});

it('tells a peer that takes no part nothing, and goes on with the others', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben, cyd] = [
    await nodes.open('ana'),
    await nodes.open('ben'),
    await nodes.open('cyd'),
  ];
  await using a = introduce(ana);
  await using _b = introduce(ben);
  for (const node of [cyd, ben]) await node.network.dial(addressOf(ana));
  await eventually(() => expect(a.file.text).toContain(addressOf(ben)));
  expect(a.file.text).not.toContain(addressOf(cyd));
  expect(connected(ben)).toEqual([ana.did]);
});
