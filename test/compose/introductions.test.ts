import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { invite } from '../../src/archive/governing/invite.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { INTRODUCTIONS } from '../../src/replica/introductions/protocol.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const serve = (home: string) =>
  openNode(home, { log: () => {}, listen: 'off', p2p: ['/ip4/127.0.0.1/tcp/0'] });

/** Makes a home that is a partner's, and knows the host alone. */
async function makePartner(home: string, { archive, peers }: RunningNode): Promise<void> {
  const { did, addresses } = peers.network;
  const terms = { role: 'partner', replica: 'all', organisation: undefined } as const;
  const inviters = [{ did, addresses }];
  const { invitation } = await invite(
    { ...terms, lifetimeMs: 60_000, inviters, networkKey: undefined },
    archive,
  );
  await joinArchive(home, invitation);
}

const knownAt = (home: string) => readFileSync(join(home, 'known-peers.json'), 'utf8');
const peersOf = ({ peers }: RunningNode) => peers.network.peers().map(({ peer }) => peer);

it('keeps partners connected beyond the node that both joined through, and after a restart', async () => {
  using folder = temporaryFolder();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await foundArchive(a, { name: 'Prints', institution: 'Museum' });
  const founder = await serve(a);
  await makePartner(b, founder);
  await makePartner(c, founder);
  await using nodeC = await serve(c);
  const cyd = nodeC.peers.network.did;
  {
    await using nodeB = await serve(b);
    await eventually(() => expect(peersOf(nodeB)).toContain(cyd));
    await founder[Symbol.asyncDispose]();
    rmSync(a, { recursive: true });
    await eventually(() => expect(knownAt(b)).toContain(nodeC.peers.network.addresses[0]));
    await eventually(() => expect(peersOf(nodeB)).toEqual([cyd]));
  }
  await using again = await serve(b);
  await eventually(() => expect(peersOf(again)).toEqual([cyd]));
});

it('neither tells, hears nor remembers where members are if the settings say so', async () => {
  using folder = temporaryFolder();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await foundArchive(a, { name: 'Prints', institution: 'Museum' });
  await using founder = await serve(a);
  await makePartner(b, founder);
  await makePartner(c, founder);
  const path = join(b, 'ringfence.json');
  const { network, ...settings } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(
    path,
    JSON.stringify({ ...settings, network: { ...network, introductions: false } }),
  );
  {
    await using nodeB = await serve(b);
    await using nodeC = await serve(c);
    const [ben, cyd] = [nodeB.peers.network.did, nodeC.peers.network.did];
    await eventually(() => expect(peersOf(founder)).toEqual(expect.arrayContaining([ben, cyd])));
    await eventually(() => expect(knownAt(a)).toContain(cyd));
    await expect(founder.peers.network.open(ben, INTRODUCTIONS)).rejects.toMatchObject({
      code: 'peer_refused',
    });
    expect(peersOf(nodeB)).toEqual([founder.peers.network.did]);
    expect(knownAt(a)).not.toContain(ben);
  }
  expect(existsSync(join(b, 'known-peers.json'))).toBe(false);
});
