import { expect, it } from 'vitest';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Member } from '../../../src/core/entries/standing.ts';
import { bytesPermission } from '../../../src/core/sharing/permission.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { signerOf } from '../../support/keys.ts';

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
    members.set(did, { id: did, keys: [did], organisation, roles: ['partner'], replica });
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
