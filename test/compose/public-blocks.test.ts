import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createStatement } from '../../src/core/statements/statement.ts';
import { openHeliaPeer } from '../support/helia-peer.ts';
import { openPublicHome } from '../support/public-home.ts';

const MiB = 1_048_576;

it('gives an IPFS node what is public and nothing else, for as long as it is', async () => {
  await using home = await openPublicHome();
  const { archive, peers, projector } = home.node;
  const shared = randomBytes(MiB);
  const small = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const large = Buffer.concat([shared, randomBytes(2 * MiB + 3)]);
  const secret = Buffer.concat([shared, randomBytes(MiB)]);
  const open = [await home.deposit('open', small), await home.deposit('open', large)] as const;
  const closed = [
    await home.deposit('closed', secret),
    await home.deposit('closed', Buffer.from('closed')),
  ];

  await using early = await openHeliaPeer('early');
  await early.dial(home.address);
  await vi.waitFor(() => expect(peers.network.peers()).toMatchObject([{ standing: 'stranger' }]));
  await expect(early.read(open[0], 300)).rejects.toThrow();
  await home.show('open', 'public');
  await vi.waitFor(() => expect(peers.network.peers()).toMatchObject([{ standing: 'visitor' }]));

  await using helia = await openHeliaPeer('helia');
  await helia.dial(home.address);
  expect((await helia.read(open[0])).equals(small)).toBe(true);
  expect((await helia.read(open[1])).equals(large)).toBe(true);
  for (const cid of closed) await expect(helia.read(cid, 300)).rejects.toThrow();

  const about = { asset: open[0] };
  const quarantine = createStatement('quarantine', about, '2026-11-22T12:00:00Z', {
    ...{ reason: 'virus', tool: null, record: null },
  });
  await archive.ledger.append({ statements: [quarantine], records: [], documents: [] });
  projector.news();
  await projector.settled();
  await using late = await openHeliaPeer('late');
  await late.dial(home.address);
  await expect(late.read(open[0], 300)).rejects.toThrow();
  expect((await late.read(open[1])).equals(large)).toBe(true);

  // It was private before, and is again: whoever came for what was public goes.
  await home.show('open', 'organisation');
  await vi.waitFor(() => expect(peers.network.peers()).toEqual([]), { timeout: 10_000 });
  expect(home.log.filter(({ level }) => level === 'error')).toEqual([]);
});

it('lets no strangers in where the settings give no places to visitors', async () => {
  await using home = await openPublicHome({ visitors: 0 });
  const cid = await home.deposit('open', Buffer.from('open'));
  await home.show('open', 'public');
  await using helia = await openHeliaPeer('helia');
  await helia.dial(home.address);
  await expect(helia.read(cid, 300)).rejects.toThrow();
  expect(home.node.peers.network.peers()).toMatchObject([{ standing: 'stranger' }]);
});
