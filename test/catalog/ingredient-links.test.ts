import { expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture } from '../support/catalog-fixture.ts';
import { memberOf } from '../support/memory-ledger.ts';

const MANIFEST = 'urn:c2pa:0b5a';
const parent = say.assetOf('parent');
const child = say.assetOf('child');

/** A finding of the inspector that reads Content Credentials. */
function credentials(facts: Finding['facts']) {
  return { inspector: 'credentials', version: 2, outcome: 'found', facts } as const;
}

const HAS = credentials({ manifest: MANIFEST, credential: 'valid' });
const NAMES = credentials({
  ingredients: { own: [{ manifest: MANIFEST, relationship: 'parentOf' }] },
});

function found(asset: Cid, finding: typeof HAS): say.Said {
  const body = { findings: [finding], record: null };
  return { statement: createStatement('finding', { asset }, say.AT, body), records: [] };
}

const LINK = { parent, child, relation: 'derived-from' };

it('lets a manifest belong to an asset by what the own organisation found, and by nobody else', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fixture.say([found(parent, HAS)], memberOf(2, ['archivist']));
  expect(catalog.ingredientLinks(child, [NAMES])).toEqual([]);
  const colleague = { ...memberOf(3), organisation: fixture.ledger.self.organisation };
  await fixture.say([found(parent, HAS)], colleague);
  expect(catalog.ingredientLinks(child, [NAMES])).toEqual([LINK]);
});

it('takes from anybody what a work was made from', async () => {
  await using fixture = catalogFixture();
  await fixture.say([found(child, NAMES)], memberOf(2, ['archivist']));
  expect(fixture.catalog.ingredientLinks(parent, [HAS])).toEqual([LINK]);
});
