import fc from 'fast-check';
import { expect, it } from 'vitest';
import { statementOutline } from '../../../src/core/statements/statement.ts';
import { isUsualOutline } from '../../../src/core/statements/usual-outline.ts';
import { ASSET } from '../../support/history.ts';
import { BODIES, documentCid, hex } from '../../support/statement-bodies.ts';

const SET = documentCid('set');
const usual = {
  kind: 'deposit',
  v: 1,
  about: { asset: ASSET },
  at: '2026-11-22T14:28:34Z',
  body: BODIES.deposit,
};

/** Each field as it may be, and as it is wrong in one way or another. */
const about = fc.constantFrom<unknown>(
  ...[null, undefined, {}, [], ASSET, { asset: ASSET }, { set: SET }, { asset: SET }],
  ...[{ set: ASSET }, { asset: ASSET, set: SET }, { asset: undefined, set: SET }, { set: null }],
  { asset: ASSET.toUpperCase() },
);
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  kind: fc.constantFrom<unknown>('deposit', 'horoscope', 'a-b', '', 'A', 'a b', 'a'.repeat(33), 7),
  v: fc.constantFrom<unknown>(1, 2, 65_535, 65_536, 0, -1, 1.5, Number.NaN, '1', null),
  about,
  at: fc.constantFrom<unknown>(
    ...['2026-11-22T14:28:34Z', '2024-02-29T00:00:00Z', '2026-02-29T00:00:00Z'],
    ...['2026-11-22T24:00:00Z', '2026-11-22', '2026-11-22T14:28:34+00:00', 0, null],
  ),
  body: fc.constantFrom<unknown>({}, BODIES.deposit, [], null, 'body', new Uint8Array(3)),
  carried: fc.constantFrom<unknown>({ envelope: SET, signer: hex('signer') }, {}, null),
  surprise: fc.constantFrom<unknown>(1, null),
};

/** What is changed of a usual one, few things at once, or one wrong would hide another; and what is left out. */
const changes = fc
  .subarray(Object.entries(fields), { maxLength: 3 })
  .chain((some) => fc.record(Object.fromEntries(some)));
const leftOut = fc.constantFrom(...Object.keys(usual), ...Array.from({ length: 20 }, () => ''));

it('takes for usual only what the schema reads, and reads it as the schema does', () => {
  let taken = 0;
  fc.assert(
    fc.property(changes, leftOut, (changed, name) => {
      const { [name]: _left, ...value } = { ...usual, ...changed } as Record<string, unknown>;
      if (!isUsualOutline(value)) return;
      taken += 1;
      expect(statementOutline.parse(value)).toEqual(value);
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it.each(Object.entries(BODIES))('takes a %s for usual', (kind, body) => {
  expect(isUsualOutline({ ...usual, kind, body })).toBe(true);
});

it.each([
  ['that is signed', { signed: { by: 'did:key:z6Mk', envelope: ASSET } }],
  ['that is carried', { carried: { envelope: SET, signer: hex('signer') } }],
  ['without a body', { body: undefined }],
  ['about two things', { about: { asset: ASSET, set: SET } }],
])('leaves a statement %s to the schema', (_, changed) => {
  expect(isUsualOutline({ ...usual, ...changed })).toBe(false);
});
