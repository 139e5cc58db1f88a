import { expect, it } from 'vitest';
import type { Charter } from '../../../src/core/entries/charter.ts';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Member } from '../../../src/core/entries/standing.ts';
import { anyonePermission, bytesPermission } from '../../../src/core/sharing/permission.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { signerOf } from '../../support/keys.ts';
import { memberOf } from '../../support/memory-ledger.ts';

it('lets members have what their policy or their readership covers, and nobody else anything', async () => {
  await using fixture = catalogFixture();
  const picture = say.assetOf('picture');
  const song = say.assetOf('song');
  await fixture.say([
    say.deposit(picture, { title: 'picture' }),
    say.deposit(song, { title: 'song' }, { mediaType: 'audio/flac' }),
  ]);
  const memberWith = (replica: string, organisation = 'e'.repeat(32)): Did => {
    const { did } = signerOf(`${replica} ${organisation}`);
    members.set(did, {
      id: did,
      keys: [did],
      browserKeys: [],
      organisation,
      roles: ['partner'],
      replica,
    });
    return did;
  };
  const members = new Map<Did, Member>();
  const ledger = { memberOf: (key: Did) => members.get(key) };
  const mayHave = bytesPermission(ledger, fixture.catalog);
  const of = (did: Did) => [mayHave(did, picture), mayHave(did, song)];
  expect(of(memberWith('all'))).toEqual([true, true]);
  expect(of(memberWith('media:audio'))).toEqual([false, true]);
  expect(of(memberWith('none'))).toEqual([false, false]);
  expect(of(memberWith('none', fixture.ledger.self.organisation))).toEqual([true, true]);
  expect(of(signerOf('stranger').did)).toEqual([false, false]);
  const partner = memberWith('all');
  expect(mayHave(partner, say.assetOf('never deposited'))).toBe(false);
  members.delete(partner);
  expect(of(partner)).toEqual([false, false]);
});

it('opens nothing to whoever deposits what others have, and what a home has deposited itself by its own word', async () => {
  await using fixture = catalogFixture();
  const picture = say.assetOf('picture');
  const [owner, thief] = [memberOf(7), memberOf(8)];
  const partner = {
    id: thief.did,
    keys: [thief.did],
    browserKeys: [],
    roles: ['partner'],
    replica: 'none',
  } as const;
  const { organisation } = thief;
  const ledger = {
    memberOf: (key: Did) => (key === thief.did ? { ...partner, organisation } : undefined),
    // Nothing else of a charter is asked about.
    charter: { publicAllowed: true } as Charter,
  };
  const may = () => [
    bytesPermission(ledger, fixture.catalog)(thief.did, picture),
    anyonePermission(ledger, fixture.catalog)(picture),
  ];
  const open = say.naming('open', 'public');
  const copy = say.deposit(picture, { title: 'theirs' }, { collection: say.collectionId('open') });
  await fixture.say([say.deposit(picture, { title: 'picture' })], owner);
  await fixture.say([copy, open], thief);
  expect(may()).toEqual([false, false]);
  await fixture.catalog.rebuild();
  expect(may()).toEqual([false, false]);
  await fixture.say([copy, open], fixture.ledger.self);
  expect(may()).toEqual([true, true]);
});
