import { expect, it } from 'vitest';
import { matchRegistrations } from '../../../src/archive/matching/match-registrations.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { factsOf } from '../../../src/core/provenance/facts.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { seededBytes } from '../../support/environs.ts';
import { memberOf, sha256 } from '../../support/memory-ledger.ts';

/** A text that reads like all others of these tests. */
function text(asset: Cid): say.Said {
  const facts = { units: { text: `ISCC:${'B'.repeat(54)}A` }, characters: 100_000 };
  const findings = [{ inspector: 'fingerprints', version: 1, outcome: 'found', facts } as const];
  const body = { findings, record: null };
  return { statement: createStatement('finding', { asset }, say.AT, body), records: [] };
}

it("compares what the home's earlier key deposited, and not what a colleague's home did", async () => {
  await using fixture = catalogFixture();
  const { ledger, catalog } = fixture;
  const { organisation } = ledger.self;
  const before = { ...memberOf(2, ['archivist']), organisation };
  const colleague = { ...memberOf(3, ['archivist']), organisation };
  const partner = memberOf(4, ['archivist']);
  const [own, theirs, generated] = ['own', 'theirs', 'generated'].map(say.assetOf) as [
    Cid,
    Cid,
    Cid,
  ];
  await fixture.say([text(own), say.deposit(own, {})], before);
  await fixture.say([text(theirs), say.deposit(theirs, {})], colleague);
  const registration = {
    generator: 'gpt-3',
    basis: 'registrant',
    mixed: false,
    record: null,
  } as const;
  const synthetic = createStatement('synthetic', { asset: generated }, say.AT, registration);
  await fixture.say([text(generated), { statement: synthetic, records: [] }], partner);

  const members = [ledger.self, colleague, partner];
  const present = { memberOf: (key: string) => members.find(({ did }) => did === key) };
  const parts = {
    ...{ catalog, ledger: Object.assign(ledger, present) as never, sha256 },
    ...{ clock: () => Date.parse(say.AT), randomBytes: seededBytes('matches') },
  };
  const { signal } = new AbortController();
  const matched = await Array.fromAsync(matchRegistrations(0, parts, signal));
  expect(matched.map(({ held }) => held)).toEqual([1]);
  const holdsOn = (asset: Cid) => {
    const facts = catalog.facts(asset);
    return facts === undefined ? [] : factsOf(facts, 'hold').map(({ author }) => author);
  };
  expect(holdsOn(own)).toEqual([ledger.self.did]);
  expect(holdsOn(theirs)).toEqual([]);
});
