import { expect, it } from 'vitest';
import { companionsOf } from '../../../src/core/entries/references.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { assetCid, documentCid } from '../../support/statement-bodies.ts';

const AT = '2026-11-22T00:00:00Z';
const root = '0'.repeat(64);
const body = { institution: 'a'.repeat(32), items: [documentCid('page')], count: 1, root };
const attestation = createStatement('attestation', { asset: assetCid('a') }, AT, body);

it('takes the pages of an attestation as belonging to its entry', () => {
  expect(companionsOf(attestation)).toEqual([documentCid('page')]);
});

it('asks for nothing of an attestation with more pages than there can be, however many', () => {
  for (const length of [65, 1_000_000]) {
    const items = new Array<string>(length).fill(documentCid('page'));
    expect(companionsOf({ ...attestation, body: { ...attestation.body, items } })).toEqual([]);
  }
});
