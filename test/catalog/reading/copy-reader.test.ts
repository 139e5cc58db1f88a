import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastProof } from '../../../src/core/sharing/last-proof.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { memberOf, sha256 } from '../../support/memory-ledger.ts';
import { BODIES } from '../../support/statement-bodies.ts';

const MEMBERS = [memberOf(1), memberOf(2), memberOf(3)] as const;
const ASSETS = Array.from({ length: 6 }, (_, i) => say.assetOf(i));

const member = fc.constantFrom(...MEMBERS);
const assets = fc.subarray(ASSETS, { minLength: 1, maxLength: 3 });
const event = fc.oneof(
  fc.record({ is: fc.constant('deposit' as const), by: member, assets }),
  fc.record({
    is: fc.constant('holding' as const),
    ...{ by: member, assets, holder: member },
    outcome: fc.constantFrom('proven', 'failed'),
  }),
  fc.record({
    is: fc.constant('fixity' as const),
    ...{ by: member, assets },
    outcome: fc.constantFrom('intact', 'repaired', 'corrupt', 'missing'),
  }),
);

it('says of copies what the rule says that looks at all facts, or that it is to be asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 16 }), async (events) => {
      await using fixture = catalogFixture();
      const { ledger, catalog } = fixture;
      for (const one of events) {
        if (one.is === 'deposit') {
          const said = one.assets.map((cid) => say.deposit(cid, { title: 'x' }));
          ledger.append(say.saying(said), { author: one.by });
          continue;
        }
        const { outcome, by } = one;
        const body =
          one.is === 'fixity'
            ? { ...BODIES.fixity, outcome }
            : { ...BODIES.holding, outcome, holder: one.holder.did };
        const [first] = one.assets;
        const isSet = one.assets.length > 1 || first === undefined;
        const set = createSet(one.assets, sha256);
        const about = isSet ? { set: set.cid } : { asset: first };
        const statements = [createStatement(one.is, about, say.AT, body as never)];
        ledger.append(
          { statements, records: [], documents: isSet ? set.blocks : [] },
          { author: by },
        );
      }
      await catalog.catchUp();
      const known = ASSETS.filter((cid) => catalog.has(cid));
      for (const { did } of MEMBERS) {
        const copies = catalog.copies(did, known);
        expect([...copies.keys()]).toEqual(known);
        for (const [cid, { said, collections }] of copies) {
          const facts = catalog.facts(cid);
          if (facts === undefined) throw new Error(`${cid} is not there`);
          const { state } = lastProof(facts, did, (a, b) => ledger.isAncestor(a, b));
          if (said === 'nothing') expect(state).toBe('none');
          if (said === 'shown') expect(state).toBe('proven');
          const told = catalog.access(cid)?.deposits.map(({ collection }) => collection);
          expect(new Set(collections)).toEqual(new Set(told));
        }
      }
    }),
    { numRuns: 20 },
  );
});

it('takes a look at facts for nothing that was never refused', async () => {
  await using fixture = catalogFixture();
  const [one, other, third] = [say.assetOf(0), say.assetOf(1), say.assetOf(2)];
  await fixture.say([one, other].map((cid) => say.deposit(cid, { title: 'x' })));
  await fixture.say([say.deposit(third, { title: 'x' })], memberOf(2));
  const lost = { ...BODIES.fixity, outcome: 'missing' } as const;
  const statements = [createStatement('fixity', { asset: other }, say.AT, lost)];
  fixture.ledger.append({ statements, records: [], documents: [] });
  await fixture.catalog.catchUp();
  const copies = fixture.catalog.copies(fixture.ledger.self.did, [one, other, third]);
  expect([...copies.values()].map(({ said }) => said)).toEqual(['shown', 'refused', 'nothing']);
});
