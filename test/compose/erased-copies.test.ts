import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deleteErased } from '../../src/archive/erasing/delete-erased.ts';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import { openNode } from '../../src/compose/open-node.ts';
import { type Cid, parseCid } from '../../src/core/cid.ts';
import { RELEASE_FILES } from '../../src/core/dataset/release-files.ts';
import { eventually } from '../support/eventually.ts';
import { openReleaseHome } from '../support/release-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('has the words destroyed that were erased, as soon as a release with them comes', async () => {
  await using home = await openReleaseHome({
    'one.txt': Buffer.from('a first poem\n'),
    'two.txt': Buffer.from('a second poem\n'),
  });
  const { content, releases } = home.node.archive;
  const { files } = await releases.manifest(parseCid(home.release));
  // One block, as it is this short.
  const words = files[RELEASE_FILES.descriptions]?.cid as Cid;
  const text = Buffer.from(await content.getBlock(words));
  expect(text.toString()).toContain('"creator":"Ann"');
  await home.perform('erase', { person: 'Ann', reason: 'request' });

  using folder = temporaryFolder();
  const studio = join(folder.path, 'studio');
  const terms = { role: 'partner', organisation: null, replica: 'all', lifetimeMs: 60_000 };
  // What the operation gives.
  const invited = (await home.perform('invite', terms)) as { invitation: string };
  const [via = ''] = home.node.peers.network.addresses;
  await joinArchive(studio, invited.invitation, { via });
  // It has heard of the erasure and carried it out when the release comes from one who has not.
  {
    await using archive = await openArchive(studio);
    const { acknowledged } = await deleteErased({ isEarly: true }, archive);
    expect(acknowledged).not.toEqual([]);
  }
  await using partner = await openNode(studio, { log() {}, p2p: ['/ip4/127.0.0.1/tcp/0'] });
  const copy = partner.archive.content;
  const packs = join(studio, 'packs');
  const isStored = (bytes: string | Buffer) =>
    readdirSync(packs).some((name) => readFileSync(join(packs, name)).includes(bytes));
  await eventually(async () => {
    expect(copy.isRoot(parseCid(home.release))).toBe(true);
    expect(await copy.has(words)).toBe(false);
    expect([isStored('a first poem'), isStored(text)]).toEqual([true, false]);
  });
  // Whoever sent it has them for as long as the notice goes: nobody but the partner has destroyed them there.
  expect(await content.has(words)).toBe(true);
});
