import { expect, it } from 'vitest';
import type { Charter } from '../../../src/core/entries/charter.ts';
import { type Caller, mayRead } from '../../../src/core/sharing/caller.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { signerOf } from '../../support/keys.ts';
import { BODIES } from '../../support/statement-bodies.ts';

it('lets nobody but the owner read what is not public and not theirs', async () => {
  await using fixture = catalogFixture();
  const picture = say.assetOf('picture');
  await fixture.say([say.deposit(picture, { title: 'picture' })]);
  const { organisation } = fixture.ledger.self;
  const partner = memberOf('none', 'e'.repeat(32));
  const replica = memberOf('all', 'e'.repeat(32));
  const colleague = memberOf('none', organisation);
  const members = [partner, replica, colleague];
  const ledger = {
    // What it says of public collections is all that is looked at.
    charter: { publicAllowed: true } as Charter,
    memberOf: (key: string) => members.find((one) => one.key === key)?.member,
  };
  const readers = (parts = { ledger, catalog: fixture.catalog }) =>
    [OWNER, colleague, replica, partner, ANYBODY].map((one) => mayRead(one, picture, parts));
  expect(readers()).toEqual([true, true, true, false, false]);
  expect(mayRead(colleague, say.assetOf('unknown'), { ledger, catalog: fixture.catalog })).toBe(
    false,
  );
  const statement = createStatement('quarantine', { asset: picture }, say.AT, BODIES.quarantine);
  await fixture.say([{ statement, records: [] }]);
  expect(readers()).toEqual([true, false, false, false, false]);
});

const OWNER: Caller = { kind: 'owner' };
const ANYBODY: Caller = { kind: 'anonymous' };

function memberOf(replica: string, organisation: string): Caller & { kind: 'member' } {
  const { did } = signerOf(`${replica} ${organisation}`);
  const member = {
    id: did,
    keys: [did],
    browserKeys: [],
    organisation,
    roles: ['partner' as const],
    replica,
  };
  return { kind: 'member', key: did, member };
}
