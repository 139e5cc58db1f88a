import { expect, it } from 'vitest';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture } from '../support/catalog-fixture.ts';
import { memberOf, sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

it("opens a release to anybody by the home's own word, else by that of whoever recorded it first", async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const [picture, release] = [say.assetOf('picture'), say.assetOf('release')];
  const { statement, records } = say.naming('prints');
  const shown = { ...statement, body: { ...statement.body, visibility: 'public' } };
  await fixture.say([say.deposit(picture, { title: 'x' }), { statement: shown, records }]);
  const [state = ''] = ledger.heads();
  const { cid: set, blocks: documents } = createSet([picture], sha256);
  const recorded = async (
    requester: BodyOf<'release'>['requester'],
    author = ledger.self,
    named = release,
  ) => {
    const body = {
      ...{
        release: named,
        policy: BODIES.deposit.record,
        purpose: 'ai_generative_training',
        requester,
      },
      ...{ state, at: say.AT, assets: 1, bytes: 1000, manifest: '0'.repeat(64) },
    };
    const statements = [createStatement('release', { set }, say.AT, body as BodyOf<'release'>)];
    ledger.append({ statements, documents }, { author });
    await catalog.catchUp();
    return catalog.isPublicRelease(named);
  };
  expect(await recorded(`organisation:${ledger.self.organisation}`)).toBe(false);
  expect(await recorded('anyone', memberOf(3))).toBe(false);
  expect(await recorded('anyone')).toBe(true);
  const [closed, open] = [say.assetOf('closed'), say.assetOf('open')];
  expect(await recorded('members', memberOf(2), closed)).toBe(false);
  expect(await recorded('anyone', memberOf(3), closed)).toBe(false);
  expect(await recorded('anyone', memberOf(2), open)).toBe(true);
  expect(await recorded('members', memberOf(3), open)).toBe(true);
  expect([release, closed, open].map((one) => catalog.isOwnRelease(one))).toEqual([
    true,
    false,
    false,
  ]);
});
