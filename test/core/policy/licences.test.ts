import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dutiesOf, isAllowedBy } from '../../../src/core/policy/licences.ts';

const TABLE = ['A', 'B', 'G WITH e', 'https://creativecommons.org/publicdomain/mark/1.0/'];

describe('a licence expression', () => {
  it.each([
    ['A', true],
    ['X', false],
    ['a', false],
    ['A AND B', true],
    ['A AND X', false],
    ['A OR X', true],
    ['X OR Y', false],
    ['A AND X OR B', true],
    ['A AND (X OR B)', true],
    ['(A OR B) AND X', false],
    ['((A))', true],
    ['A OR X AND Y', true],
    ['G WITH e', true],
    ['G', false],
    ['A WITH e', false],
    ['G WITH e AND A', true],
    ['A+', false],
    ['https://creativecommons.org/publicdomain/mark/1.0/', true],
    ['http://creativecommons.org/publicdomain/mark/1.0/', false],
    ['A or B', false],
    ['', false],
    [' ', false],
    ['()', false],
    ['A B', false],
    ['A AND', false],
    ['AND A', false],
    ['A OR OR B', false],
    ['(A', false],
    ['A)', false],
    ['A WITH', false],
    ['A WITH (e)', false],
    ['OR', false],
  ])('%j is allowed: %j', (expression, allowed) => {
    expect(isAllowedBy(expression, TABLE)).toBe(allowed);
  });

  it('is allowed exactly when AND means all and OR means any', () => {
    const { expression } = fc.letrec<{ expression: [string, boolean] }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom<[string, boolean]>(['A', true], ['B', true], ['X', false], ['Y', false]),
        fc
          .tuple(fc.constantFrom('AND', 'OR'), tie('expression'), tie('expression'))
          .map(([word, [left, a], [right, b]]): [string, boolean] => [
            `(${left}) ${word} (${right})`,
            word === 'AND' ? a && b : a || b,
          ]),
      ),
    }));
    fc.assert(
      fc.property(expression, ([text, allowed]) => {
        expect(isAllowedBy(text, TABLE)).toBe(allowed);
      }),
    );
  });

  it('never throws, and never allows what names nothing of the table', () => {
    const words = fc.constantFrom('X', 'AND', 'OR', 'WITH', '(', ')', '+', 'A+', 'a');
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        expect(isAllowedBy(parts.join(' '), TABLE)).toBe(false);
      }),
    );
  });

  it('asks for credit and for sharing alike where the licence does', () => {
    expect(dutiesOf('CC-BY-4.0')).toEqual(['credit the maker']);
    expect(dutiesOf('CC-BY-SA-3.0-DE')).toEqual(['credit the maker', 'share alike']);
    expect(dutiesOf('CC0-1.0')).toEqual([]);
  });
});
