import { expect, it } from 'vitest';
import type { StandingStatement } from '../../../src/core/provenance/facts.ts';
import { StateDigest } from '../../../src/core/provenance/state-digest.ts';
import type { EntryHash } from '../../../src/core/statements/fields.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { ARCHIVIST, drawing, STEWARD } from '../../support/history.ts';

const { statements } = drawing();

function digestOf(said: readonly StandingStatement[]): string {
  const digest = new StateDigest(sha256);
  for (const one of said) digest.add({ entry: one.entry, standing: [one] });
  return digest.toString();
}

it('is the same in every order, and another with less, more or another voice', () => {
  const whole = digestOf(statements);
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf(statements.toReversed())).toBe(whole);
  const [first, ...rest] = statements;
  if (first === undefined) throw new Error('a drawing has statements');
  const others = [rest, [...statements, first], [{ ...first, ...STEWARD }, ...rest]];
  expect(new Set([whole, ...others.map(digestOf)]).size).toBe(4);
  expect(digestOf([{ ...first, ...ARCHIVIST }, ...rest])).toBe(whole);
});

it('does not count entries in which nothing stands', () => {
  const digest = new StateDigest(sha256);
  const empty = digest.toString();
  digest.add({ entry: 'zdpu' as EntryHash, standing: [] });
  expect(digest.toString()).toBe(empty);
});
