import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  CatalogueFile,
  CatalogueOptions,
  CatalogueRow,
  RowProblem,
} from '../../../src/core/ports/intake.ts';
import { walkFiles } from '../../../src/intake/files/walk-files.ts';
import { openCatalogueFile } from '../../../src/intake/rows/open-catalogue-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HEADER = 'path,title,creator,licence';

/** Opens a catalogue that lies in its own folder, with nothing else offered. */
async function openText(
  folder: string,
  content: string | Buffer,
  options: Partial<CatalogueOptions> = {},
): Promise<CatalogueFile> {
  const path = join(folder, 'catalogue.csv');
  writeFileSync(path, content);
  return openCatalogueFile(path, { paths: [folder], ...options });
}

async function readText(content: string | Buffer): Promise<(CatalogueRow | RowProblem)[]> {
  using folder = temporaryFolder();
  await using catalogue = await openText(folder.path, content);
  return await Array.fromAsync(catalogue.rows());
}

/** Reads one record under the usual header and more columns. */
async function readRow(cells: Record<string, string>): Promise<CatalogueRow | RowProblem> {
  const all = { path: 'a', title: 'A', creator: 'B', licence: 'MIT', ...cells };
  const quoted = Object.values(all).map((cell) => `"${cell.replaceAll('"', '""')}"`);
  const [row] = await readText(`${Object.keys(all).join(',')}\n${quoted.join(',')}\n`);
  if (row === undefined) throw new Error('no row');
  return row;
}

/** Walks a folder and gives, for each file, the title of its row or the code of its problem. */
async function match(folder: string, catalogue: CatalogueFile): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const item of walkFiles([folder])) {
    if (item.kind !== 'file') continue;
    const row = await catalogue.rowFor(item);
    found[item.name] = row === undefined ? 'none' : row.kind === 'row' ? row.title : row.code;
  }
  return found;
}

function brief(items: readonly (CatalogueRow | RowProblem)[]): string[] {
  return items.map((item) =>
    item.kind === 'row' ? `${item.line} ${item.path}` : `${item.line} ${item.code}`,
  );
}

describe('a row', () => {
  it('has every field, in canonical form', async () => {
    const row = await readRow({
      path: './photos//a b.jpg',
      creator: 'Ada Byron; Marek Moeckel;  Ada Byron ',
      licence: 'http://creativecommons.org/licenses/by-sa/4.0/deed.de',
      year: 'c. 1890',
      source: 'debian:mate-backgrounds',
      source_url: 'https://example.org/a?b=c',
      digital_source_type: 'https://cv.iptc.org/newscodes/digitalsourcetype/digitalcapture/',
      kind: 'photo',
      media_type: 'Image/JPEG; q=1',
      bytes: '1234',
      sha256: 'AB'.repeat(32),
      synthetic: 'No',
      note: 'line one\nline two',
      tags: 'sea; night',
      language: 'EN-gb',
      work: 'album 7',
      accession: '2001.45.3',
      collection: 'Prints',
    });
    expect(row).toEqual({
      kind: 'row',
      line: 2,
      path: 'photos/a b.jpg',
      title: 'A',
      makers: ['Ada Byron', 'Marek Moeckel'],
      licence: 'CC-BY-SA-4.0',
      dateText: 'c. 1890',
      date: { edtf: '1890~', earliest: '1890-01-01', latest: '1890-12-31' },
      source: 'debian:mate-backgrounds',
      sourceUrl: 'https://example.org/a?b=c',
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
      kindOfWork: 'photo',
      mediaType: 'image/jpeg',
      bytes: 1234,
      sha256: 'ab'.repeat(32),
      synthetic: 'no',
      note: 'line one\nline two',
      tags: ['sea', 'night'],
      language: 'en-GB',
      work: 'album 7',
      part: 1,
      accession: '2001.45.3',
      collection: 'Prints',
    });
  });

  it('keeps free text beside a date that cannot be read, and nulls where nothing is said', async () => {
    expect(await readRow({ date: 'after the fire' })).toMatchObject({
      dateText: 'after the fire',
      date: null,
      work: null,
      part: null,
      tags: [],
      sha256: null,
    });
  });

  it.each([
    ['title', '  ', 'row_invalid', 'is empty'],
    ['creator', '', 'row_invalid', 'unknown'],
    ['creator', '; ; ', 'row_invalid', 'is empty'],
    ['licence', '', 'row_invalid', 'CNE'],
    ['licence', 'CC BY 4.0', 'licence_unknown', 'CC-BY-4.0'],
    ['bytes', '12 KB', 'row_invalid', 'whole number'],
    ['bytes', '9'.repeat(17), 'row_invalid', 'whole number'],
    ['sha256', 'abc', 'row_invalid', '64 hexadecimal digits'],
    ['synthetic', 'perhaps', 'row_invalid', 'no, yes or mixed'],
    ['media_type', 'jpeg', 'row_invalid', 'image/jpeg'],
    ['source_url', 'javascript:alert(1)', 'row_invalid', 'http'],
    ['digital_source_type', 'a photo', 'row_invalid', 'digitalCapture'],
    ['title', 'x'.repeat(10_001), 'row_invalid', '10001 characters'],
    ['title', 'a\0b', 'row_invalid', 'zero byte'],
    ['path', '../outside.jpg', 'row_invalid', '..'],
    ['path', 'a/../../b', 'row_invalid', '..'],
    ['path', '/etc/passwd', 'row_invalid', 'absolute'],
    ['path', 'C:\\scans\\a.tif', 'row_invalid', 'absolute'],
    ['path', '\\\\server\\share\\a.tif', 'row_invalid', 'absolute'],
    ['path', 'https://example.org/a.jpg', 'row_invalid', 'address'],
    ['path', 'folder/', 'row_invalid', 'folder'],
    ['path', './.', 'row_invalid', 'no file'],
    ['path', ' ', 'row_invalid', 'is empty'],
    ['path', 'a\0b', 'row_invalid', 'zero byte'],
  ])(
    'with %s %j is refused with %s, naming line, column and way out',
    async (column, value, code, text) => {
      const problem = await readRow({ [column]: value });
      expect(problem).toMatchObject({ kind: 'problem', code, line: 2, column });
      expect(problem.kind === 'problem' && problem.text).toContain(`line 2, column "${column}": `);
      expect(problem.kind === 'problem' && problem.text).toContain(text);
    },
  );

  it("takes part numbers from their column, else from the order of the work's files", async () => {
    const rows = await readText(
      `${HEADER},work,part\na,A,B,MIT,w1,\nb,A,B,MIT,w2,7\nc,A,B,MIT,w1,\nd,A,B,MIT,,3\n`,
    );
    expect(rows.map((row) => row.kind === 'row' && [row.path, row.work, row.part])).toEqual([
      ['a', 'w1', 1],
      ['b', 'w2', 7],
      ['c', 'w1', 2],
      ['d', null, null],
    ]);
  });
});

describe('a catalogue file', () => {
  const text = `${HEADER}\r\n"né/ü.jpg","Say ""hi"", twice\r\nover",Ada,CC0-1.0\r\n\r\nb.png,🏜 desert,Bo,MIT\r\n`;
  const big = (bytes: Buffer) => Buffer.from(bytes).swap16();

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16BE', big(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
    ['UTF-8 with line feeds', Buffer.from(text.replaceAll('\r\n', '\n'))],
    ['UTF-8 with carriage returns', Buffer.from(text.replaceAll('\r\n', '\r'))],
    ['a first line that names the separator', Buffer.from(`sep=,\n${text}`)],
  ])('is read in %s', async (name, bytes) => {
    const rows = await readText(bytes);
    const first = name.startsWith('a first') ? 3 : 2;
    expect(brief(rows)).toEqual([`${first} né/ü.jpg`, `${first + 3} b.png`]);
    expect(rows.map((row) => row.kind === 'row' && row.title.replace(/\s+/g, ' '))).toEqual([
      'Say "hi", twice over',
      '🏜 desert',
    ]);
  });

  it.each([';', '\t'])('is read with %j between the cells', async (delimiter) => {
    const lines = [HEADER.split(','), ['a,b.jpg', 'A; B, C', 'Ada', 'MIT']];
    const content = lines
      .map((cells) => cells.map((cell) => `"${cell}"`).join(delimiter))
      .join('\n');
    expect(await readText(content)).toMatchObject([{ path: 'a,b.jpg', title: 'A; B, C' }]);
  });

  it('finds its columns in any order, letter case and spelling of spaces', async () => {
    const rows = await readText('Creators,LICENSE,Media Type,Title,Path\nAda,MIT,image/png,A,x\n');
    expect(rows).toMatchObject([{ path: 'x', makers: ['Ada'], mediaType: 'image/png' }]);
  });

  it('loses one record, not the rest, to a quote that does not pair', async () => {
    const rows = await readText(
      `${HEADER}\na,A,Ada,MIT\nb,"B,Ada,MIT\nc,"C",Ada,MIT\nd,D 5" disk,Ada,MIT\ne,"E,Ada,MIT\n`,
    );
    expect(brief(rows)).toEqual(['2 a', '3 row_invalid', '4 c', '5 d', '6 row_invalid']);
  });

  it('refuses a row with more cells than columns, and takes one with fewer', async () => {
    const rows = await readText(`${HEADER},note\na,A, B,Ada,MIT,x\nb,B,Ada,MIT\nc,C,Ada,MIT,,,,\n`);
    expect(brief(rows)).toEqual(['2 row_invalid', '3 b', '4 c']);
    expect(rows[0]).toMatchObject({ column: null, text: expect.stringContaining('6 cells for 5') });
  });

  it('refuses rows that are not UTF-8, by line', async () => {
    const latin1 = Buffer.from('b,Caf\xe9,Ada,MIT\n', 'latin1');
    const rows = await readText(
      Buffer.concat([
        Buffer.from(`${HEADER}\na,A,Ada,MIT\n`),
        latin1,
        Buffer.from('c,C,Ada,MIT\n'),
      ]),
    );
    expect(brief(rows)).toEqual(['2 a', '3 row_invalid', '4 c']);
    expect(rows[1]).toMatchObject({ column: 'title', text: expect.stringContaining('UTF-8') });
  });

  it('skips a record longer than 1 MiB and goes on after it', async () => {
    const long = 'x'.repeat(3 * 1024 * 1024);
    const rows = await readText(
      `${HEADER}\na,A,Ada,MIT\n${long}\nb,"${long}",Ada,MIT\nc,"${'y\n'.repeat(300_000)}",Ada,MIT\nd,D,Ada,MIT\n`,
    );
    expect(brief(rows)).toEqual([
      '2 a',
      '3 row_invalid',
      '4 row_invalid',
      '5 row_invalid',
      '300006 d',
    ]);
    expect(rows[3]).toMatchObject({ text: expect.stringContaining('599999 characters') });
  });

  it.each([
    ['', 'empty'],
    ['PK\u0003\u0004\0\0\0', 'not text'],
    ['path,title\n', 'creator, licence'],
    ['a "quoted, header\n', 'path, title, creator, licence'],
    ['"path,title,creator,licence\n', 'quotes'],
    [Buffer.from('path,title,cr\xe9ator,licence\n', 'latin1'), 'UTF-8'],
  ])('is refused when it is %j', async (content, text) => {
    using folder = temporaryFolder();
    await expect(openText(folder.path, content)).rejects.toMatchObject({
      code: 'catalogue_invalid',
      message: expect.stringContaining(text),
    });
  });

  it('says which columns it has and that --map helps, when required ones are missing', async () => {
    using folder = temporaryFolder();
    await expect(openText(folder.path, 'File,Titel,Urheber\n')).rejects.toMatchObject({
      code: 'catalogue_invalid',
      message: expect.stringMatching(
        /no column for path, title, creator, licence.*"File", "Titel", "Urheber".*--map FILE/s,
      ),
    });
  });

  it('that is not there, or is a folder, is file_unreadable', async () => {
    using folder = temporaryFolder();
    for (const path of [join(folder.path, 'gone.csv'), folder.path]) {
      await expect(openCatalogueFile(path, { paths: [] })).rejects.toMatchObject({
        code: 'file_unreadable',
      });
    }
  });

  it('names columns it does not use once, in a warning', async () => {
    using folder = temporaryFolder();
    await using catalogue = await openText(
      folder.path,
      `${HEADER},shelf,Barcode,\nx,A,B,MIT,1,2,\ny,A,B,MIT,1,2,\n`,
    );
    expect(catalogue.warnings[0]).toMatch(/not used: "shelf", "Barcode";/);
    expect(catalogue.recordCount).toBe(2);
  });

  it('that changes while it is open is noticed, not misread', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'a'), '');
    const others = Array.from({ length: 20_000 }, (_, n) => `other-${n},A,B,MIT\n`).join('');
    await using catalogue = await openText(folder.path, `${HEADER}\na,A,B,MIT\n${others}`);
    appendFileSync(join(folder.path, 'catalogue.csv'), 'b,B,B,MIT\n');
    await expect(match(folder.path, catalogue)).rejects.toMatchObject({ code: 'file_changed' });
  });

  it('stops with "aborted" when the signal fires', async () => {
    using folder = temporaryFolder();
    const signal = AbortSignal.abort();
    await expect(openText(folder.path, `${HEADER}\na,A,B,MIT\n`, { signal })).rejects.toMatchObject(
      { code: 'aborted' },
    );
    await using catalogue = await openText(folder.path, `${HEADER}\na,A,B,MIT\n`);
    await expect(Array.fromAsync(catalogue.rows({ signal }))).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('gives back every value that was written, in any encoding', async () => {
    const word = fc
      .string({
        unit: fc.constantFrom('a', 'É', '🏜', ' ', ',', ';', '"', '\n', '\t', '='),
        maxLength: 8,
      })
      .map((text) => `x${text}x`);
    const style = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
      encoding: fc.constantFrom('utf8', 'utf16le', 'utf16be'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
        word,
        word,
        style,
        async (paths, title, note, { delimiter, end, encoding }) => {
          const cells = [
            ['path', 'title', 'creator', 'licence', 'note'],
            ...paths.map((path) => [path, title, 'Ada', 'MIT', note]),
          ];
          const lines = cells.map((row) =>
            row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter),
          );
          const content = `\uFEFF${lines.join(end)}`;
          const bytes =
            encoding === 'utf8' ? Buffer.from(content) : Buffer.from(content, 'utf16le');
          const rows = await readText(encoding === 'utf16be' ? bytes.swap16() : bytes);
          expect(rows).toMatchObject(paths.map((path) => ({ path, title, note })));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('matching rows with files', () => {
  it('finds rows by exact name, then by Unicode NFC, and never gives one file the row of another', async () => {
    using folder = temporaryFolder();
    const composed = 'caf\u00e9.jpg';
    const combining = 'cafe\u0301.jpg';
    mkdirSync(join(folder.path, 'both'));
    mkdirSync(join(folder.path, 'one'));
    for (const name of [`both/${composed}`, `both/${combining}`, `one/${combining}`]) {
      writeFileSync(join(folder.path, name), '');
    }
    await using catalogue = await openText(
      folder.path,
      `${HEADER}\nboth/${combining},combining,B,MIT\none/${composed},composed,B,MIT\n`,
    );
    expect(await match(join(folder.path, 'both'), catalogue)).toEqual({
      [composed]: 'none',
      [combining]: 'combining',
    });
    expect(await match(join(folder.path, 'one'), catalogue)).toEqual({ [combining]: 'composed' });
  });

  it('finds names that are not UTF-8 in their escaped form, and names with newlines', async () => {
    using folder = temporaryFolder();
    writeFileSync(Buffer.from(`${folder.path}/caf\xe9`, 'latin1'), '');
    writeFileSync(`${folder.path}/a\nb`, '');
    await using catalogue = await openText(
      folder.path,
      `${HEADER}\ncaf\\xe9,bytes,B,MIT\n"a\nb",newline,B,MIT\n`,
    );
    expect(await match(folder.path, catalogue)).toEqual({
      'catalogue.csv': 'none',
      'caf\\xe9': 'bytes',
      'a\nb': 'newline',
    });
    expect(await Array.fromAsync(catalogue.unmatched())).toEqual([]);
  });

  it('reports second rows, rows without a file and rows whose file was not taken', async () => {
    using folder = temporaryFolder();
    const tree = join(folder.path, 'tree');
    mkdirSync(join(tree, 'sub'), { recursive: true });
    mkdirSync(join(folder.path, 'elsewhere'));
    for (const name of ['tree/a', 'tree/.hidden', 'tree/bad', 'elsewhere/x']) {
      writeFileSync(join(folder.path, name), '');
    }
    symlinkSync('a', join(tree, 'link'));
    const rows = [
      'tree/a,first,B,MIT',
      'tree/a,second,B,MIT',
      'tree/gone,A,B,MIT',
      'tree/.hidden,A,B,MIT',
      'tree/link,A,B,MIT',
      'elsewhere/x,A,B,MIT',
      'elsewhere/gone,A,B,MIT',
      '../x,A,B,MIT',
      'tree/bad,A,B,nonsense',
      'tree/sub,A,B,MIT',
      'broken,"A,B,MIT',
    ];
    await using catalogue = await openText(folder.path, `${HEADER}\n${rows.join('\n')}\n`, {
      paths: [tree],
    });
    expect(await match(tree, catalogue)).toEqual({ a: 'first', bad: 'licence_unknown' });
    const unmatched = await Array.fromAsync(catalogue.unmatched());
    expect(brief(unmatched)).toEqual([
      '3 row_duplicate',
      '4 row_without_file',
      '5 row_without_file',
      '6 row_without_file',
      '9 row_invalid',
      '11 row_without_file',
      '12 row_invalid',
    ]);
    expect(unmatched[0]?.text).toContain('line 2');
    expect(unmatched[1]?.text).toContain('"tree/gone" is not there');
    expect(unmatched[2]?.text).toContain('not taken');
    expect(unmatched.map((problem) => problem.path)).toEqual([
      'tree/a',
      'tree/gone',
      'tree/.hidden',
      'tree/link',
      null,
      'tree/sub',
      null,
    ]);
  });

  it('finds where the paths start: beside the catalogue, in what is offered, or above it', async () => {
    using folder = temporaryFolder();
    const tree = join(folder.path, 'files', 'scans');
    mkdirSync(tree, { recursive: true });
    mkdirSync(join(folder.path, 'tables'));
    writeFileSync(join(tree, 'a.tif'), '');
    const at = async (place: string, path: string) => {
      writeFileSync(join(folder.path, place), `${HEADER}\n${path},found,B,MIT\n`);
      await using catalogue = await openCatalogueFile(join(folder.path, place), { paths: [tree] });
      const matched = await match(tree, catalogue);
      return [matched['a.tif'], catalogue.warnings.length];
    };
    expect(await at('tables/c.csv', 'a.tif')).toEqual(['found', 0]);
    expect(await at('tables/c.csv', 'scans/a.tif')).toEqual(['found', 0]);
    expect(await at('c.csv', 'files/scans/a.tif')).toEqual(['found', 0]);
    expect(await at('tables/c.csv', 'other/b.tif')).toEqual(['none', 1]);
  });

  it('takes the root it is told', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'x'));
    writeFileSync(join(folder.path, 'x', 'a'), '');
    writeFileSync(join(folder.path, 'a'), '');
    await using catalogue = await openText(folder.path, `${HEADER}\na,found,B,MIT\n`, {
      root: join(folder.path, 'x'),
    });
    expect(await match(join(folder.path, 'x'), catalogue)).toEqual({ a: 'found' });
    await expect(
      openText(folder.path, `${HEADER}\n`, { root: join(folder.path, 'none') }),
    ).rejects.toMatchObject({ code: 'file_unreadable' });
  });

  it('answers callers that ask at the same time', async () => {
    using folder = temporaryFolder();
    const names = Array.from({ length: 200 }, (_, n) => `file-${n}`);
    for (const name of names) writeFileSync(join(folder.path, name), '');
    await using catalogue = await openText(
      folder.path,
      `${HEADER}\n${names.map((name) => `${name},title of ${name},B,MIT`).join('\n')}`,
    );
    const offers = (await Array.fromAsync(walkFiles([folder.path]))).filter(
      (item) => item.kind === 'file',
    );
    const rows = await Promise.all(offers.map((offer) => catalogue.rowFor(offer)));
    for (const [n, row] of rows.entries()) {
      const name = offers[n]?.name;
      expect(row?.kind === 'row' ? row.title : 'none').toBe(
        name === 'catalogue.csv' ? 'none' : `title of ${name}`,
      );
    }
  });
});

it.skipIf(process.platform === 'win32')('refuses a pipe that nobody writes into', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'pipe.csv');
  execFileSync('mkfifo', [path]);
  await expect(openCatalogueFile(path, { paths: [folder.path] })).rejects.toMatchObject({
    code: 'file_unreadable',
  });
});
