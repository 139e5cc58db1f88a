import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterLine, RecordScanner } from '../../../src/intake/csv/record-scanner.ts';

const COMMA = 0x2c;

/** Reads a whole text with the scanner; a broken record is read as its line in brackets. */
function readAll(text: string, delimiter = ','): string[][] {
  const units = Buffer.from(text);
  const scanner = new RecordScanner(delimiter.charCodeAt(0));
  const records: string[][] = [];
  let at = 0;
  while (at < units.length) {
    if (scanner.scan(units, at, true) === 'record') {
      if (!scanner.isEmpty) {
        records.push(Array.from({ length: scanner.fieldCount }, (_, n) => scanner.field(n) ?? '?'));
      }
      at = scanner.next;
    } else {
      const next = afterLine(units, at);
      const end = next < 0 ? units.length : next;
      records.push([`<${units.subarray(at, end).toString().trim()}>`]);
      at = end;
    }
  }
  return records;
}

describe('RecordScanner', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2\r\n3,4\r5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    ['a,,\n', [['a', '', '']]],
    ['a,', [['a', '']]],
    ['\n\na\n\n', [['a']]],
    ['""\n', [['']]],
    ['"a ""b"" c","x,y","1\n2\r\n3"\n', [['a "b" c', 'x,y', '1\n2\r\n3']]],
    ['5" disk,x "y" z\n', [['5" disk', 'x "y" z']]],
    ['"","a"\n', [['', 'a']]],
    ['"a"b,c\nd,e\n', [['<"a"b,c>'], ['d', 'e']]],
    ['"a,b\nc,"d"\ne,f\n', [['<"a,b>'], ['c', 'd'], ['e', 'f']]],
    ['a,"b\nc,d\n', [['<a,"b>'], ['c', 'd']]],
    ['"', [['<">']]],
  ])('reads %j', (text, records) => {
    expect(readAll(text)).toEqual(records);
  });

  it('says "more" until a record is certain to end, wherever the bytes are cut', () => {
    const text = 'a,"b ""q""\r\n c",d\r\ne,f\r\n';
    const units = Buffer.from(text);
    const whole = new RecordScanner(COMMA);
    expect(whole.scan(units, 0, true)).toBe('record');
    for (let cut = 0; cut < units.length; cut += 1) {
      const scanner = new RecordScanner(COMMA);
      const scan = scanner.scan(units.subarray(0, cut), 0, false);
      expect(scan).toBe(cut < whole.next ? 'more' : 'record');
      if (scan === 'record') {
        expect(scanner.next).toBe(whole.next);
        expect(scanner.lines).toBe(2);
        expect(scanner.field(1)).toBe('b "q"\r\n c');
      }
    }
  });

  it('refuses a record of more than 4,096 fields', () => {
    const scanner = new RecordScanner(COMMA);
    expect(scanner.scan(Buffer.from(`${','.repeat(4095)}\n`), 0, true)).toBe('record');
    expect(scanner.scan(Buffer.from(`${','.repeat(4096)}\n`), 0, true)).toBe('broken');
  });

  it('reads what csv-parse reads, for any well-formed text', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '🏜', ' ', ',', ';', '"', '\n', '\r\n', '\t'),
      maxLength: 6,
    });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    const style = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
      quoteAll: fc.boolean(),
      endsWithLine: fc.boolean(),
    });
    fc.assert(
      fc.property(table, style, (rows, { delimiter, end, quoteAll, endsWithLine }) => {
        const written = rows.map((row) =>
          row
            .map((value) =>
              quoteAll || /[",;\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
            )
            .join(delimiter),
        );
        const text = written.join(end) + (endsWithLine && rows.length > 0 ? end : '');
        expect(readAll(text, delimiter)).toEqual(rows);
        expect(readAll(text, delimiter)).toEqual(
          parse(text, { delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n'] }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('passes over any bytes without stopping or throwing', () => {
    const unit = fc.constantFrom('"', ',', '\n', '\r', 'a');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const cells = readAll(text)
          .flat()
          .join('')
          .replace(/["<>\s,]/g, '');
        expect(cells).toBe(text.replace(/["\s,]/g, ''));
      }),
      { numRuns: 2000 },
    );
  });
});
