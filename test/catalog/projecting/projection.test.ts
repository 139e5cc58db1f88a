import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rebuildCatalog } from '../../../src/catalog/file/rebuild-catalog.ts';
import { openCatalog } from '../../../src/catalog/open-catalog.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { decisionKey } from '../../../src/core/policy/abstraction/abstract-facts.ts';
import { decide } from '../../../src/core/policy/decide.ts';
import { AT } from '../../support/asset-statements.ts';
import { dumpMeaning, dumpTables } from '../../support/catalog-dump.ts';
import { causalOrder, MEMBERS, steps, writeHistory } from '../../support/catalog-history.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const institutions = [
  { id: MEMBERS[0].organisation, name: 'House', selfVetted: true },
  { id: MEMBERS[1].organisation, name: 'Museum', selfVetted: false },
];

it('says the same in every causal order of arrivals, and for every rhythm of catching up', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.array(fc.nat(), { minLength: 1 }),
      fc.array(fc.nat({ max: 4 }), { minLength: 1 }),
      async (history, choices, rhythm) => {
        using folder = temporaryFolder();
        const ledger = new MemoryLedger({ institutions });
        writeHistory(ledger, history);
        const first = join(folder.path, 'first.db');
        await rebuildCatalog({ path: first, ledger });
        const second = join(folder.path, 'second.db');
        const other = ledger.empty();
        {
          await using catalog = openCatalog({ path: second, ledger: other });
          for (const [turn, place] of causalOrder(ledger, choices).entries()) {
            other.take(ledger, place);
            if (rhythm[turn % rhythm.length] === 0) await catalog.catchUp();
          }
          await catalog.catchUp();
        }
        expect(dumpMeaning(second)).toEqual(dumpMeaning(first));
        const third = join(folder.path, 'third.db');
        await rebuildCatalog({ path: third, ledger: other });
        expect(dumpTables(third)).toEqual(dumpTables(second));
        const { works = [], parts = [] } = dumpTables(second);
        for (const row of works) {
          expect(parts.filter(({ work }) => work === row['id'])).toHaveLength(Number(row['parts']));
        }
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
});

it('decides for every asset as its own facts and ancestry say, whatever came before', async () => {
  const question = { purpose: 'ai_generative_training', requester: 'anyone', at: AT } as const;
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'catalog.db');
      const ledger = new MemoryLedger({ institutions });
      writeHistory(ledger, history);
      const growing = ledger.empty();
      {
        await using catalog = openCatalog({ path, ledger: growing });
        for (let place = 0; place < ledger.size(); place += 1) {
          growing.take(ledger, place);
          await catalog.catchUp();
        }
        for (const { policy } of ledger.policies()) {
          const counted = { eligible: 0, hold: 0, ineligible: 0 };
          for (const { cid } of catalog.list({}, { limit: 100 }).assets) {
            const input = catalog.abstraction(cid)?.input;
            if (input !== undefined) counted[decide(input, { ...question, policy }).verdict] += 1;
          }
          const asked = { ...question, policy: policy.name };
          expect(catalog.counts({ is: 'eligible', ...asked })).toMatchObject(counted);
          for (const is of ['eligible', 'hold', 'ineligible'] as const) {
            const { assets } = catalog.list({ verdict: { is, ...asked } }, { limit: 100 });
            expect(assets).toHaveLength(counted[is]);
          }
        }
      }
      await using catalog = openCatalog({ path, ledger });
      const { assets = [], classes = [] } = dumpTables(path);
      const keys = new Map(classes.map((row) => [row['id'], row['key']]));
      for (const row of assets) {
        if (row['class'] === null) continue;
        // The dump is of a table whose column `cid` holds nothing else.
        const input = catalog.abstraction(row['cid'] as Cid)?.input;
        const text = input === undefined ? '' : decisionKey(input);
        expect(keys.get(row['class'] ?? null)).toBe(
          createHash('sha256').update(text).digest('hex'),
        );
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
