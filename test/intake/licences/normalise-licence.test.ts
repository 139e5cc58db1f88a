import fc from 'fast-check';
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { ArchiveError } from '../../../src/core/errors.ts';
import { licenceText } from '../../../src/core/statements/fields.ts';
import { normaliseLicence } from '../../../src/intake/licences/normalise-licence.ts';
import { RIGHTS_STATEMENTS, statementUri } from '../../../src/intake/licences/rights-uri.ts';

const MARK = 'https://creativecommons.org/publicdomain/mark/1.0/';

describe('normaliseLicence', () => {
  it.each([
    ['CC-BY-4.0', 'CC-BY-4.0'],
    ['  cc-by-sa-3.0 ', 'CC-BY-SA-3.0'],
    ['MIT or apache-2.0', 'MIT OR Apache-2.0'],
    ['((MIT  OR (Apache-2.0)))', 'MIT OR Apache-2.0'],
    ['(MIT OR Apache-2.0) and BSD-3-Clause', '(MIT OR Apache-2.0) AND BSD-3-Clause'],
    ['MIT OR (Apache-2.0 AND BSD-3-Clause)', 'MIT OR Apache-2.0 AND BSD-3-Clause'],
    ['(MIT OR ISC) OR Zlib', 'MIT OR ISC OR Zlib'],
    ['gpl-2.0+', 'GPL-2.0+'],
    [
      'GPL-2.0-or-later with Classpath-exception-2.0',
      'GPL-2.0-or-later WITH Classpath-exception-2.0',
    ],
    ['LicenseRef-public-domain', 'LicenseRef-public-domain'],
    ['licenseref-Ours OR MIT', 'LicenseRef-Ours OR MIT'],
    ['DocumentRef-a:LicenseRef-b', 'DocumentRef-a:LicenseRef-b'],
  ])('spells the expression %j as %j', (text, canonical) => {
    expect(normaliseLicence(text)).toBe(canonical);
  });

  it.each([
    ['http://creativecommons.org/licenses/by/4.0', 'CC-BY-4.0'],
    ['https://creativecommons.org/licenses/by/4.0/legalcode.en', 'CC-BY-4.0'],
    ['https://www.creativecommons.org/licenses/by-nc-nd/2.0/deed.pt_BR', 'CC-BY-NC-ND-2.0'],
    ['https://creativecommons.org/licenses/by-sa/3.0/de/deed.en', 'CC-BY-SA-3.0-DE'],
    ['https://creativecommons.org/licenses/by-nd-nc/1.0/', 'CC-BY-NC-ND-1.0'],
    [
      'http://creativecommons.org/licenses/by/2.5/ES/',
      'https://creativecommons.org/licenses/by/2.5/es/',
    ],
    ['https://creativecommons.org/publicdomain/zero/1.0/?ref=x', 'CC0-1.0'],
    ['http://creativecommons.org/licenses/publicdomain/', 'CC-PDDC'],
    ['http://creativecommons.org/publicdomain/mark/1.0/deed.fr', MARK],
    ['CC-PDM-1.0', MARK],
    ['https://spdx.org/licenses/mit.html', 'MIT'],
    ['https://rightsstatements.org/page/inc-ow-eu/1.0/?language=de', statementUri('InC-OW-EU')],
    ['https://rightsstatements.org/vocab/NoC-US/1.0', statementUri('NoC-US')],
  ])('reads the address %s as %s', (text, canonical) => {
    expect(normaliseLicence(text)).toBe(canonical);
  });

  it('knows the twelve statements of RightsStatements.org', () => {
    expect(RIGHTS_STATEMENTS).toHaveLength(12);
    for (const code of RIGHTS_STATEMENTS) {
      const uri = `http://rightsstatements.org/vocab/${code}/1.0/`;
      expect(normaliseLicence(uri.replace('http:', 'https:'))).toBe(uri);
    }
  });

  it.each([
    ['CC BY 4.0', 'CC-BY-4.0'],
    ['cc-by-4', 'CC-BY-4.0'],
    ['CC0', 'CC0-1.0'],
    ['Apache 2', 'Apache-2.0'],
    ['Public Domain', MARK],
    ['InC', statementUri('InC')],
    ['In copyright.', statementUri('InC')],
    ['© 2003 The Estate', 'LicenseRef-2003-The-Estate'],
    ['???', 'LicenseRef-NAME'],
  ])('refuses %j and suggests %s', (text, suggestion) => {
    expect(() => normaliseLicence(text)).toThrow(
      expect.objectContaining({
        code: 'licence_unknown',
        message: expect.stringContaining(suggestion),
      }),
    );
  });

  it.each([
    '',
    'MIT AND',
    'MIT Apache-2.0',
    '?MIT',
    'MIT?',
    'LicenseRef-',
    'LicenseRef- MIT',
    'Apache-2.0 +',
    'MIT\nOR ISC',
    '(MIT',
    'https://example.org/licence',
    'https://creativecommons.org/licenses/by/9.9/',
    'https://creativecommons.org.example.org/licenses/by/4.0/',
    'https://rightsstatements.org/vocab/Free/1.0/',
    `LicenseRef-${'x'.repeat(300)}`,
    `${'('.repeat(200)}MIT`,
  ])('refuses %j', (text) => {
    expect(() => normaliseLicence(text)).toThrow(
      expect.objectContaining({ code: 'licence_unknown' }),
    );
  });

  it('gives one canonical form that reads as itself and fits a statement, for any expression', () => {
    const word = fc.oneof(
      fc.constantFrom(...spdxIds),
      fc.constantFrom('LicenseRef-a.b', 'LicenseRef-Ours-1'),
    );
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        word,
        fc
          .tuple(tie('expression'), fc.constantFrom('AND', 'or', 'Or', 'and'), tie('expression'))
          .map(([left, operator, right]) => `(${left}) ${operator}  ( ${right})`),
      ),
    }));
    fc.assert(
      fc.property(expression, (text) => {
        fc.pre(text.length <= 256);
        const canonical = normaliseLicence(text);
        expect(licenceText.safeParse(canonical).success).toBe(true);
        expect(normaliseLicence(canonical)).toBe(canonical);
        expect(
          normaliseLicence(text.toUpperCase().replaceAll('LICENSEREF-', 'LicenseRef-')),
        ).toHaveLength(canonical.length);
      }),
    );
  });

  it('answers any text with a canonical form or with licence_unknown', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
        try {
          expect(licenceText.safeParse(normaliseLicence(text)).success).toBe(true);
        } catch (error) {
          if (!(error instanceof ArchiveError)) throw error;
          expect(error.code).toBe('licence_unknown');
        }
      }),
    );
  });
});
