import { expect, it } from 'vitest';
import { whatIf } from '../../../src/archive/governing/what-if.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture, ELIGIBLE } from '../../support/catalog-fixture.ts';
import { sha256 } from '../../support/memory-ledger.ts';
import { shippedPolicy } from '../../support/verdicts.ts';

it('counts what another policy would change, which way and by which rule', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const assets = Array.from({ length: 30 }, (_, i) => say.assetOf(i));
  for (const [i, asset] of assets.entries()) {
    const licence = i < 10 ? 'CC-BY-4.0' : 'CC-BY-NC-4.0';
    await fixture.say([say.findings(asset), say.deposit(asset, {}, { licence })]);
  }
  const set = createSet(assets, sha256);
  const body = say.custodyBody(ledger.self.organisation);
  ledger.append({
    statements: [createStatement('custody', { set: set.cid }, say.AT, body)],
    documents: set.blocks,
  });
  await catalog.catchUp();
  const before = shippedPolicy('corroborated');
  const { signal } = new AbortController();
  const asked = { purpose: ELIGIBLE.purpose, requester: ELIGIBLE.requester, at: ELIGIBLE.at };
  const under = (changed: Partial<typeof before>) =>
    whatIf(asked, { before, after: { ...before, ...changed } }, { catalog }, signal);

  expect(await under({ floor: 'H3' })).toEqual({
    assets: 30,
    before: { eligible: 10, hold: 0, ineligible: 20 },
    after: { eligible: 0, hold: 0, ineligible: 30 },
    changes: [{ from: 'eligible', to: 'ineligible', rule: 'R8', code: 'E_EVIDENCE', assets: 10 }],
  });
  const { changes } = await under({ licences: [...before.licences, 'CC-BY-NC-4.0'] });
  expect(changes).toEqual([
    { from: 'ineligible', to: 'eligible', rule: 'R4', code: 'E_NO_GRANT', assets: 20 },
  ]);
  expect((await under({ version: 2 })).changes).toEqual([]);
});
