import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch, MAX_BATCH } from '../../../src/core/statements/batch.ts';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import { KINDS } from '../../../src/core/statements/kinds.ts';
import {
  createStatement,
  readStatement,
  type StatementOutline,
  statementOutline,
} from '../../../src/core/statements/statement.ts';
import { ASSET } from '../../support/history.ts';
import { assetCid, BODIES, documentCid, hex, sha256 } from '../../support/statement-bodies.ts';

const AT = '2026-11-22T14:28:34Z';
const ABOUT = { asset: ASSET };
const SET = { set: documentCid('set') };
const rejected = expect.objectContaining({ code: 'statement_rejected' });
const refused = expect.objectContaining({ code: 'input_invalid' });

const takedown = createStatement('takedown', ABOUT, AT, BODIES.takedown);
const deposit = createStatement('deposit', ABOUT, AT, BODIES.deposit);

/** Kinds whose default bodies name no other statement. */
const plainKinds = Object.keys(BODIES).filter(
  (kind) => !['description', 'resolution'].includes(kind),
);

describe('a statement', () => {
  it.each(plainKinds)('of kind %s is written into a batch and read back', (kind) => {
    const outline = outlineOf(kind);
    const batch = encodeBatch([outline, takedown], sha256);
    const [read] = decodeBatch(batch.bytes);
    expect(read).toEqual(outline);
    expect(read === undefined ? undefined : readStatement(read)).toEqual({
      outcome: 'known',
      statement: outline,
    });
    expect(encodeBatch(decodeBatch(batch.bytes), sha256)).toEqual(batch);
  });

  it.each(plainKinds)('of kind %s counts for nothing with a field more or a field less', (kind) => {
    const outline = outlineOf(kind);
    const more = { ...outline, body: { ...outline.body, surprise: 1 } };
    expect(readStatement(more).outcome).toBe('bad');
    for (const field of Object.keys(outline.body)) {
      const { [field]: _left, ...less } = outline.body;
      expect(readStatement({ ...outline, body: less }).outcome, field).toBe('bad');
    }
  });

  it('of an unknown kind or version is kept as it is', () => {
    for (const newer of [
      { ...takedown, kind: 'horoscope' },
      { ...takedown, v: 2, body: { anything: ['at', 'all'] } },
      { ...takedown, kind: 'to-string', body: {} },
    ]) {
      expect(readStatement(newer)).toEqual({ outcome: 'unknown', outline: newer });
      expect(decodeBatch(encodeBatch([newer], sha256).bytes)).toEqual([newer]);
    }
  });

  it.each(['constructor', 'hasownproperty', 'valueof'])('of kind %s is unknown', (kind) => {
    expect(readStatement({ ...takedown, kind }).outcome).toBe('unknown');
  });

  it('is about what its kind can be about', () => {
    for (const [kind, { about }] of Object.entries(KINDS)) {
      const outcomes = [ABOUT, SET, null].map((subject) => {
        const reading = readStatement({ kind, v: 1, about: subject, at: AT, body: {} });
        return reading.outcome === 'bad' && /about|must name/.test(reading.problem);
      });
      const expected = {
        asset: [false, true, true],
        'asset-or-set': [false, false, true],
        nothing: [true, true, false],
        anything: [false, false, false],
      };
      expect(outcomes, kind).toEqual(expected[about]);
    }
  });

  it.each<[string, Partial<StatementOutline>]>([
    ['a kind in capitals', { kind: 'Deposit' }],
    ['version 0', { v: 0 }],
    ['a time without zone', { at: '2026-11-22T14:28:34' }],
    ['a time with fractions', { at: '2026-11-22T14:28:34.0Z' }],
    ['a day that does not exist', { at: '2026-02-30T00:00:00Z' }],
    ['a leap second', { at: '2026-12-31T23:59:60Z' }],
  ])('with %s breaks its outline', (_, change) => {
    expect(statementOutline.safeParse({ ...deposit, ...change }).success).toBe(false);
    expect(() => encodeBatch([{ ...deposit, ...change }], sha256)).toThrow();
  });

  it.each([
    ['a set as asset', { asset: documentCid('set') }],
    ['an asset as set', { set: assetCid('asset') }],
    ['a CID in another spelling', { asset: ASSET.toUpperCase() }],
    ['two subjects', { asset: ASSET, set: documentCid('set') }],
  ])('about %s breaks its outline', (_, about) => {
    expect(statementOutline.safeParse({ ...deposit, about }).success).toBe(false);
  });

  it('is carried for an outsider or signed by a member, not both', () => {
    const carried = { envelope: documentCid('envelope'), signer: hex('signer') };
    const signed = { by: BODIES.holding.holder, envelope: assetCid('envelope') };
    expect(statementOutline.safeParse({ ...deposit, carried }).success).toBe(true);
    expect(statementOutline.safeParse({ ...deposit, signed }).success).toBe(true);
    expect(statementOutline.safeParse({ ...deposit, carried, signed }).success).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a digest in capitals', { sha256: BODIES.deposit.sha256.toUpperCase() }],
    ['a short digest', { sha256: BODIES.deposit.sha256.slice(2) }],
    ['a negative size', { size: -1 }],
    ['half a byte', { size: 0.5 }],
    ['a media type in capitals', { mediaType: 'Image/PNG' }],
    ['a media type with parameters', { mediaType: 'text/plain; charset=utf-8' }],
    ['a licence with a line break', { licence: 'CC0-1.0\n' }],
    ['a name where commitments belong', { makers: ['Ada Lovelace'] }],
    ['a record that is no document', { record: assetCid('record') }],
  ])('of a deposit with %s is rejected', (_, change) => {
    const outline = { ...deposit, body: { ...deposit.body, ...change } };
    expect(readStatement(outline).outcome).toBe('bad');
  });

  it('with a list out of order or with repetitions is rejected', () => {
    const tools = (list: string[]) =>
      createStatement('declaration', ABOUT, AT, { ...BODIES.declaration, tools: list });
    expect(tools(['a', 'b']).body['tools']).toEqual(['a', 'b']);
    expect(() => tools(['b', 'a'])).toThrow(rejected);
    expect(() => tools(['a', 'a'])).toThrow(rejected);
  });

  it('that cannot be recorded is rejected when it is made, naming the field', () => {
    expect(() => createStatement('takedown', null, AT, BODIES.takedown)).toThrow(rejected);
    const body = { ...BODIES.takedown, reason: 'because I say so' };
    expect(() => createStatement('takedown', ABOUT, AT, body)).toThrow(/reason/);
  });
});

describe('a batch', () => {
  it('has 1 to 1,024 statements', () => {
    const full = Array.from({ length: MAX_BATCH }, () => takedown);
    expect(decodeBatch(encodeBatch(full, sha256).bytes)).toHaveLength(MAX_BATCH);
    expect(() => encodeBatch([...full, takedown], sha256)).toThrow();
    expect(() => encodeBatch([], sha256)).toThrow();
  });

  it.each([
    ['a newer version', { v: 2, statements: [takedown] }],
    ['another field', { v: 1, statements: [takedown], more: 1 }],
    ['no statement', { v: 1, statements: [] }],
    ['a statement without outline', { v: 1, statements: [{ kind: 'deposit' }] }],
    ['a field more in an outline', { v: 1, statements: [{ ...takedown, priority: 'high' }] }],
  ])('with %s is refused', (_, content) => {
    expect(() => decodeBatch(encodeBlock(content, sha256).bytes)).toThrow(refused);
  });

  it('of any bytes is read or refused', () => {
    const { bytes } = encodeBatch([deposit, takedown], sha256);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (place, bit) => {
        const damaged = Uint8Array.from(bytes);
        damaged[place] = (damaged[place] ?? 0) ^ (1 << bit);
        try {
          const statements = decodeBatch(damaged);
          expect(Buffer.compare(encodeBatch(statements, sha256).bytes, damaged)).toBe(0);
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
    );
  });
});

function outlineOf(kind: string): StatementOutline {
  const body = Object.entries(BODIES).find(([name]) => name === kind)?.[1] ?? {};
  return { kind, v: 1, about: ABOUT, at: AT, body };
}
