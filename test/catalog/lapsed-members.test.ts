import { expect, it } from 'vitest';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

it('finds what a release may not hold among more members than are read in one go', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const release = say.assetOf('release');
  const members = Array.from({ length: 8200 }, (_, number) => say.assetOf(number));
  // The first, the last, and those where one page ends.
  const kept = [0, 1, 4095, 4096, 8191, 8199].map((place) => members[place] ?? release);
  for (const cid of kept) await fixture.say([say.findings(cid), say.deposit(cid, {})]);
  const { cid: owned, blocks: few } = createSet(kept, sha256);
  const custody = say.custodyBody(ledger.self.organisation);
  ledger.append({
    statements: [createStatement('custody', { set: owned }, say.AT, custody)],
    documents: few,
  });
  const [state = ''] = ledger.heads();
  const { cid: set, blocks: documents } = createSet(members, sha256);
  const body = {
    ...{ release, policy: BODIES.deposit.record, purpose: ELIGIBLE.purpose, requester: 'anyone' },
    ...{ state, at: say.AT, assets: 1, bytes: 1000, manifest: '0'.repeat(64) },
  } as BodyOf<'release'>;
  ledger.append({
    statements: [createStatement('release', { set }, say.AT, body)],
    documents,
  });
  await catalog.catchUp();
  const lapsed = await catalog.lapsed(release, ELIGIBLE);
  const left = new Set(lapsed.map(({ asset }) => asset));
  expect(lapsed).toHaveLength(members.length - kept.length);
  expect(members.filter((cid) => !left.has(cid))).toEqual(kept);
  expect(new Set(lapsed.map(({ reason }) => reason))).toEqual(new Set(['E_UNKNOWN']));
});
