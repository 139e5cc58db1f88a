import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../src/archive/taking/read-catalogue.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/compose/open-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a catalogue that is sent without its files', () => {
  const temporary = temporaryFolder();
  let archive: OpenedArchive;
  beforeAll(async () => {
    await foundArchive(join(temporary.path, 'home'), { name: 'P', institution: 'P' });
    archive = await openArchive(join(temporary.path, 'home'));
  });
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  async function read(lines: readonly string[], map?: string) {
    const rows: unknown[] = [];
    const path = join(temporary.path, 'sent');
    await writeFile(path, lines.join('\n'));
    const head = await readCatalogue(
      { name: 'rows.csv', path, map },
      async (row) => void rows.push(row),
      archive,
      new AbortController().signal,
    );
    return { ...head, rows };
  }

  it('says what each column is read as, and each row in the words of an upload', async () => {
    const { columns, warnings, rows } = await read([
      'path,title,creator,license,Year,Barcode',
      'a.txt,A,Ann; Ben,cc0-1.0,c. 1890,17',
      'b.txt,B,Ann,CC0-1.0,,',
    ]);
    expect(columns.map(({ name, fields }) => [name, ...fields])).toEqual([
      ['path', 'path'],
      ['title', 'title'],
      ['creator', 'creator'],
      ['license', 'licence'],
      ['Year', 'date'],
      ['Barcode'],
    ]);
    expect(warnings).toEqual([expect.stringContaining('"Barcode"')]);
    const words = { title: 'A', creator: 'Ann; Ben', licence: 'CC0-1.0', date: 'c. 1890' };
    expect(rows[0]).toEqual({ kind: 'row', line: 2, path: 'a.txt', words });
    expect(rows[1]).toMatchObject({ words: { title: 'B' } });
  });

  it('names what is wrong with a row and goes on', async () => {
    const { rows, records } = await read([
      'path,title,creator,licence',
      'a.txt,,Ann,CC0-1.0',
      'b.txt,B,Ann,free',
      'c.txt,C,Ann,CC0-1.0',
      'c.txt,C again,Ann,CC0-1.0',
    ]);
    const codes = ['row_invalid', 'licence_unknown', undefined, 'row_duplicate'];
    expect(rows.map((row) => (row as { code?: string }).code)).toEqual(codes);
    expect(records).toBe(4);
  });

  it('is refused by the name that it was sent under', async () => {
    const refused = { code: 'catalogue_invalid', message: expect.stringContaining('"rows.csv"') };
    await expect(read(['a,b', '1,2'])).rejects.toMatchObject(refused);
    await expect(read([''])).rejects.toMatchObject(refused);
  });

  it('is read by a mapping that comes with the program', async () => {
    const { columns } = await read(['FileName,Title,DisplayName', 'a.tif,A,Ann'], 'tms');
    expect(columns[0]).toEqual({ name: 'FileName', fields: ['path'] });
  });
});
