import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openNode } from '../../../src/compose/open-node.ts';
import { askNode } from '../../../src/http/operations/ask-node.ts';
import { runCommand } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { silent } from '../../support/silent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

it('adds and removes peers in the settings, of which a running node hears at once', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  const path = join(home, 'ringfence.json');
  const settings = () => JSON.parse(readFileSync(path, 'utf8'));
  const peers = (...args: string[]) => runCommand(['--home', home, '--json', 'peers', ...args]);
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  const { network, ...others } = settings();
  await using studio = await openLoopbackNetwork('studio');
  const [address = ''] = studio.addresses;
  {
    await using node = await openNode(home, { log: () => {}, listen: 'off' });
    const called = () => node.peers.network.peers().map(({ peer }) => peer);
    expect(await peers('add', address)).toMatchObject({ status: EXIT.done });
    await eventually(() => expect(called()).toEqual([studio.did]));
    expect(await peers('add', address)).toMatchObject({ status: EXIT.done });
    expect(settings()).toEqual({ ...others, network: { ...network, peers: [address] } });
    // It is no member, so nothing but the settings lets it stay.
    expect(await peers('remove', address)).toMatchObject({ status: EXIT.done });
    await eventually(() => expect(called()).toEqual([]));
  }
  expect(settings().network.peers).toEqual([]);
  expect(await peers('add', address)).toMatchObject({ status: EXIT.done });
  expect(settings().network.peers).toEqual([address]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('tells why a peer of the settings does not answer', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  const gone = await openLoopbackNetwork('studio');
  const [address = ''] = gone.addresses;
  await gone[Symbol.asyncDispose]();
  await using node = await openNode(home, { log: () => {}, listen: 'off' });
  await node.peers.neighbours.changeCalled((called) => [...called, address]);
  expect(node.peers.neighbours.called()).toEqual([{ address, peer: gone.did }]);
  const told = { from: gone.did, code: 'peer_unreachable' };
  await eventually(() => expect(node.peers.neighbours.complaints()).toMatchObject([told]));
});

it('does not call itself', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  await using node = await openNode(home, { log: () => {}, p2p: ['/ip4/127.0.0.1/tcp/0'] });
  const [own = ''] = node.peers.neighbours.addresses;
  await expect(askNode(home, 'peers.add', { address: own }, silent)).rejects.toThrow(
    expect.objectContaining({ code: 'usage_invalid' }),
  );
  expect(node.peers.neighbours.called()).toEqual([]);
});

it('takes no address that is none, and removes none that is not there', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  const before = readFileSync(join(home, 'ringfence.json'), 'utf8');
  for (const [status, ...args] of [
    [EXIT.usage, 'add', 'archive.example:4001'],
    [EXIT.usage, 'add', ''],
    [EXIT.usage, 'add', `/dns4/${'x'.repeat(250)}/tcp/4001`],
    [EXIT.notFound, 'remove', '/ip4/10.77.0.3/tcp/4001'],
  ] as const) {
    const ran = await runCommand(['--home', home, '--json', 'peers', ...args]);
    expect(ran).toMatchObject({ status });
  }
  expect(readFileSync(join(home, 'ringfence.json'), 'utf8')).toBe(before);
});
