import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDateText } from '../../../src/intake/dates/parse-date-text.ts';

describe('parseDateText', () => {
  it.each([
    ['1890', '1890-01-01', '1890-12-31'],
    ['1890~', '1890-01-01', '1890-12-31'],
    ['189X', '1890-01-01', '1899-12-31'],
    ['-189X', '-1899-01-01', '-1890-12-31'],
    ['1890S2', '1800-01-01', '1899-12-31'],
    ['Y-17000', '-17000-01-01', '-17000-12-31'],
    ['1889/1890', '1889-01-01', '1890-12-31'],
    ['1889-03', '1889-03-01', '1889-03-31'],
    ['1900-02', '1900-02-01', '1900-02-28'],
    ['2000-02', '2000-02-01', '2000-02-29'],
    ['1890-XX', '1890-01-01', '1890-12-31'],
    ['1990-1X', '1990-10-01', '1990-12-31'],
    ['1990-02-X9', '1990-02-01', '1990-02-28'],
    ['1985-04-12T23:20:30Z', '1985-04-12', '1985-04-12'],
    ['1890-21', '1890-01-01', '1890-12-31'],
    ['[1667,1668,1670..1672]', '1667-01-01', '1672-12-31'],
    ['{1960,1961-12}', '1960-01-01', '1961-12-31'],
    ['../1900', null, '1900-12-31'],
    ['/1900', null, '1900-12-31'],
    ['1900/..', '1900-01-01', null],
    ['[..1890]', null, '1890-12-31'],
  ])('reads the EDTF %s as %s to %s', (edtf, earliest, latest) => {
    expect(parseDateText(edtf)).toEqual({ edtf, earliest, latest });
  });

  it.each([
    ['c. 1890', '1890~'],
    ['ca 1890', '1890~'],
    ['um 1890', '1890~'],
    ['ca. 1850–1860', '1850~/1860~'],
    ['c. 1850-60', '1850~/1860~'],
    ['1889-90', '1889/1890'],
    ['1903–04', '1903/1904'],
    ['1903-04', '1903-04'],
    ['1920-21', '1920/1921'],
    ['1889/90', '1889/1890'],
    ['1850 - 1860', '1850/1860'],
    ['from 1850 to 1860', '1850/1860'],
    ['1890s', '189X'],
    ['early 1890s', '189X'],
    ['1800s', '18XX'],
    ["c. 1890's", '1890~/1899~'],
    ['1850s–1860s', '1850/1869'],
    ['19th century', '18XX'],
    ['Late 19th Century', '18XX'],
    ['18th–19th century', '1700/1899'],
    ['first half of the 19th century', '1800/1849'],
    ['last quarter of the 19th century', '1875/1899'],
    ['5th century BC', '-0499/-0400'],
    ['c. 44 BCE', '-0043~'],
    ['before 1890', '[..1890]'],
    ['after 1890', '[1890..]'],
    ['between 1890 and 1895', '[1890..1895]'],
    ['1890 (?)', '1890?'],
    ['probably 1890', '1890?'],
    ['March 1890', '1890-03'],
    ['4 March 1890', '1890-03-04'],
    ['Sept. 4, 1890', '1890-09-04'],
    ['Spring 1890', '1890-21'],
  ])('reads the museum date %j as %s', (text, edtf) => {
    expect(parseDateText(text)?.edtf).toBe(edtf);
  });

  it.each([
    '',
    'n.d.',
    'unknown',
    '1/2/1890',
    '31 February 1890',
    '1900/1890',
    '1890–85',
    '18',
    '189',
    '-00XX',
    'Y170000002',
    '1'.repeat(65),
    '[1890,'.repeat(20),
  ])('leaves %j as free text', (text) => {
    expect(parseDateText(text)).toBeNull();
  });

  it('bounds a date with unknown digits by the days that fit it, or wider where the month is not known', () => {
    const digit = (known: fc.Arbitrary<string>) =>
      fc.oneof({ arbitrary: known, weight: 3 }, { arbitrary: fc.constant('X'), weight: 1 });
    const digits = (most: string) => digit(fc.constantFrom(...most));
    const date = fc
      .tuple(
        fc.constantFrom('0', '8', '9'),
        digits('0189'),
        digits('0123456789'),
        digits('01'),
        digits('012'),
        digits('0123'),
        digits('0159'),
      )
      .map(([c, y, z, m, n, d, e]) => `1${c}${y}${z}-${m}${n}-${d}${e}`);
    fc.assert(
      fc.property(date, (text) => {
        const { first, last } = daysThatFit(text);
        // The grammar takes this ending in months of 31 days only.
        fc.pre(first !== undefined && last !== undefined && !text.endsWith('3X'));
        const read = parseDateText(text);
        if (/-X|-\dX-|X.*-02-29$/.test(text)) {
          expect((read?.earliest ?? '') <= first && (read?.latest ?? '9999') >= last).toBe(true);
        } else {
          expect(read).toEqual({ edtf: text, earliest: first, latest: last });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('answers any text with a date or with null', () => {
    const pieces = '1890 18 XX 0X -12 -30 - / .. , ? ~ % [ ] { } Y S2 E5 T10:00:00 Z'.split(' ');
    const words = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join('');
        const read = parseDateText(text);
        if (read !== null) expect(parseDateText(read.edtf)).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });
});

/** The first and last calendar day whose digits agree with a pattern, found by trying. */
function daysThatFit(pattern: string): { first: string | undefined; last: string | undefined } {
  const fits = new RegExp(`^${pattern.replaceAll('X', '\\d')}$`);
  const yearFits = new RegExp(`^${pattern.slice(0, 4).replaceAll('X', '\\d')}$`);
  let first: string | undefined;
  let last: string | undefined;
  for (let year = 1000; year < 2000; year += 1) {
    if (!yearFits.test(String(year))) continue;
    for (let day = 1; day <= 366; day += 1) {
      const text = new Date(Date.UTC(year, 0, day)).toISOString().slice(0, 10);
      if (!fits.test(text)) continue;
      first ??= text;
      last = text;
    }
  }
  return { first, last };
}
