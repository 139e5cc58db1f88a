import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CatalogueRow, RowProblem } from '../../../src/core/ports/intake.ts';
import { MAPPING_NAMES } from '../../../src/core/ports/intake.ts';
import { loadMapping } from '../../../src/intake/mappings/load-mapping.ts';
import { openCatalogueFile } from '../../../src/intake/rows/open-catalogue-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOT_EVALUATED = 'http://rightsstatements.org/vocab/CNE/1.0/';
const MARK = 'https://creativecommons.org/publicdomain/mark/1.0/';

/** Reads a catalogue of these lines with a shipped mapping, or with one of its own. */
async function read(
  lines: readonly string[],
  map: string | object,
): Promise<{ rows: (CatalogueRow | RowProblem)[]; warnings: readonly string[] }> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'export.csv');
  writeFileSync(path, `${lines.join('\r\n')}\r\n`);
  const mapPath = join(folder.path, 'map.json');
  if (typeof map !== 'string') writeFileSync(mapPath, JSON.stringify(map));
  await using catalogue = await openCatalogueFile(path, {
    paths: [],
    map: typeof map === 'string' ? map : mapPath,
  });
  return { rows: await Array.fromAsync(catalogue.rows()), warnings: catalogue.warnings };
}

async function failure(map: unknown): Promise<string> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'map.json');
  writeFileSync(path, typeof map === 'string' ? map : JSON.stringify(map));
  try {
    await loadMapping(path);
  } catch (error) {
    expect(error).toMatchObject({ code: 'catalogue_invalid' });
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the mapping was taken');
}

describe('shipped mappings', () => {
  it.each(MAPPING_NAMES)('%s is a mapping of this format', async (name) => {
    const { sources } = await loadMapping(name);
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['path', 'title', 'creator', 'licence']),
    );
  });

  it('reads a TMS object export, a row for each media file', async () => {
    const { rows } = await read(
      [
        'ObjectID,ObjectNumber,Title,DisplayName,Dated,Classification,Medium,Dimensions,CreditLine,Department,ObjRightsType,FileName,Rank,DateBegin',
        '4711,1953.12,The Wave,Ada Byron; Bo Chang,c. 1890–95,Prints,Woodcut,"5"" x 7""",Gift of C. D.,Works on Paper,Public Domain,images\\1953-12_recto.tif,1,1885',
        '4711,1953.12,The Wave,Ada Byron; Bo Chang,c. 1890–95,Prints,Woodcut,,Gift of C. D.,Works on Paper,(not assigned),images\\1953-12_verso.tif,2,1885',
      ],
      'tms',
    );
    expect(rows).toMatchObject([
      {
        path: 'images/1953-12_recto.tif',
        title: 'The Wave',
        makers: ['Ada Byron', 'Bo Chang'],
        licence: MARK,
        dateText: 'c. 1890–95',
        date: { edtf: '1890~/1895~' },
        source: 'tms:4711',
        kindOfWork: 'Prints',
        note: 'Woodcut\n5" x 7"\nGift of C. D.',
        work: '1953.12',
        part: 1,
        accession: '1953.12',
        collection: 'Works on Paper',
      },
      { path: 'images/1953-12_verso.tif', licence: NOT_EVALUATED, work: '1953.12', part: 2 },
    ]);
  });

  it('reads a TMS object export with all files of an object in one cell', async () => {
    const { rows } = await read(
      [
        'Object Number,Title,Constituents,Media Files,Rights Type,Barcode',
        '7,Album,Ada,"p1.tif; p2.tif;p3.tif",Copyrighted,x',
      ],
      'tms',
    );
    expect(
      rows.map((row) => row.kind === 'row' && [row.path, row.work, row.part, row.line]),
    ).toEqual([
      ['p1.tif', '7', 1, 2],
      ['p2.tif', '7', 2, 2],
      ['p3.tif', '7', 3, 2],
    ]);
  });

  it('reads a CollectionSpace export with the columns of its media template', async () => {
    const { rows, warnings } = await read(
      [
        'identificationNumber,objectNumber,title,name,mimeType,creatorPersonLocal,creatorOrganizationLocal,language,copyrightStatement,dateGroup,subject,description,publishTo',
        'MR2024.1,2024.1.5,Loom,loom.jpg,image/jpeg,Ada Byron;Bo Chang,The Mill,en,No Known Copyright,1910s,weaving;mills,Seen from the left,all',
        `MR2024.2,2024.1.5,Loom,loom2.jpg,image/jpeg,urn:cspace:mill.example:personauthorities:name(person):item:name(OMalley17)'Ned O'Malley';Ada Byron,,urn:cspace:mill.example:vocabularies:name(languages):item:name(eng)'en',,,,,all`,
      ],
      'collectionspace',
    );
    expect(warnings).toEqual([expect.stringContaining('none of the files')]);
    expect(rows).toMatchObject([
      {
        path: 'loom.jpg',
        makers: ['Ada Byron', 'Bo Chang', 'The Mill'],
        licence: 'http://rightsstatements.org/vocab/NKC/1.0/',
        date: { edtf: '191X' },
        tags: ['weaving', 'mills'],
        source: 'collectionspace:MR2024.1',
        work: '2024.1.5',
        part: 1,
      },
      {
        path: 'loom2.jpg',
        makers: ["Ned O'Malley", 'Ada Byron'],
        language: 'en',
        licence: NOT_EVALUATED,
        dateText: null,
        part: 2,
      },
    ]);
  });

  it.each([
    [
      'of DSpace',
      'id,files,dc.title[en_US],dc.contributor.author,dc.date.issued,dc.rights.uri,dc.subject,dc.language.iso',
      '1,a.pdf||b.pdf,Tales,"Byron, Ada||Chang, Bo",1913-05,http://creativecommons.org/licenses/by/4.0/,sea||night,en',
    ],
    [
      'of Omeka',
      'Dublin Core:Title,Dublin Core:Creator,Dublin Core:Date,Dublin Core:Rights,Dublin Core:Subject,Dublin Core:Language,file,public',
      'Tales,"Byron, Ada^^Chang, Bo",1913-05,CC BY 4.0,sea^^night,en,a.pdf^^b.pdf,1',
    ],
    [
      'in dcterms',
      'filename,dcterms:title,dcterms:creator,dcterms:created,dcterms:license,dcterms:subject,dcterms:language',
      'a.pdf; b.pdf,Tales,"Byron, Ada; Chang, Bo",1913-05,CC-BY-4.0,sea; night,en',
    ],
  ])('reads a Dublin Core export %s', async (_, header, line) => {
    const { rows } = await read([header, line], 'dublin-core');
    expect(rows).toMatchObject(
      ['a.pdf', 'b.pdf'].map((path, n) => ({
        path,
        title: 'Tales',
        makers: ['Byron, Ada', 'Chang, Bo'],
        licence: 'CC-BY-4.0',
        date: { edtf: '1913-05' },
        tags: ['sea', 'night'],
        language: 'en',
        work: 'a.pdf',
        part: n + 1,
      })),
    );
  });
});

describe('a mapping file', () => {
  it('renames, joins, splits, replaces, prefixes, sets constants and strips paths', async () => {
    const { rows, warnings } = await read(
      [
        'Datei;Titel;Untertitel;Urheber;Rechte;Jahr;Nr;egal',
        'Z:\\Scans\\1\\a.tif;Die Düne;Skizze;Ada/Bo;gemeinfrei;um 1890;12;x',
        'Z:\\Scans\\b.tif;Ohne;;;;;;x',
      ],
      {
        map: 1,
        columns: {
          path: { column: 'Datei', separator: '\\', strip: 'Z:\\Scans\\' },
          title: { join: ['Titel', 'Untertitel'], with: ': ' },
          creator: { column: 'Urheber', split: '/', default: 'unbekannt' },
          licence: { column: 'Rechte', values: { Gemeinfrei: MARK }, default: NOT_EVALUATED },
          date: 'Jahr',
          source: { column: 'Nr', prefix: 'haus:' },
          collection: { constant: 'Grafik' },
        },
        ignore: ['egal'],
      },
    );
    expect(warnings).toEqual([expect.stringContaining('none of the files')]);
    expect(rows).toMatchObject([
      {
        path: '1/a.tif',
        title: 'Die Düne: Skizze',
        makers: ['Ada', 'Bo'],
        licence: MARK,
        date: { edtf: '1890~' },
        source: 'haus:12',
        collection: 'Grafik',
      },
      { path: 'b.tif', title: 'Ohne', makers: ['unbekannt'], licence: NOT_EVALUATED, source: null },
    ]);
  });

  it('takes fields it does not name from their own columns, or from a mapping it extends', async () => {
    const own = await read(['path,title,creator,rights', 'a,A,Ada,MIT'], {
      map: 1,
      columns: { licence: 'rights' },
    });
    expect(own.rows).toMatchObject([{ path: 'a', licence: 'MIT' }]);
    const extended = await read(['Path,FileName,Title,DisplayName', 'objects\\,a.tif,A,Ada'], {
      map: 1,
      extends: 'tms',
      columns: { path: { join: ['Path', 'FileName'], with: '\\', separator: '\\' } },
    });
    expect(extended.rows).toMatchObject([{ path: 'objects/a.tif', licence: NOT_EVALUATED }]);
  });

  it('names columns by what the file calls them, in problems', async () => {
    const { rows } = await read(['path,title,creator,Rechte,Rights', 'a,A,Ada,,frei'], {
      map: 1,
      columns: { licence: { column: ['Rechte', 'Rights'] } },
    });
    expect(rows).toMatchObject([{ code: 'licence_unknown', column: 'Rechte or Rights' }]);
  });

  it.each([
    [{ map: 1, columns: { titel: 'x' } }, '"titel"\n  → at columns'],
    [{ map: 2, columns: {} }, 'map'],
    [{ columns: {} }, 'map'],
    [{ map: 1 }, 'columns'],
    [{ map: 1, columns: {}, extra: 1 }, 'extra'],
    [{ map: 1, extends: 'other', columns: {} }, 'extends'],
    [{ map: 1, columns: { title: { colum: 'x' } } }, 'columns.title'],
    [{ map: 1, columns: { title: {} } }, 'exactly one of "column", "join" and "constant"'],
    [{ map: 1, columns: { title: { column: 'a', constant: 'b' } } }, 'columns.title'],
    [{ map: 1, columns: { title: { column: 3 } } }, 'columns.title.column'],
    [{ map: 1, columns: { title: { column: 'a', split: ';' } } }, 'columns.title.split'],
    [{ map: 1, columns: { title: { column: 'a', strip: 'x' } } }, 'columns.title.strip'],
    [
      { map: 1, columns: { licence: { column: 'a', values: { a: 1 } } } },
      'columns.licence.values.a',
    ],
    ['{"map": 1,', 'is not JSON'],
    ['[]', 'expected object'],
  ])('%j is refused, and the key is named', async (map, key) => {
    expect(await failure(map)).toContain(key);
  });

  it('of the README is a mapping', async () => {
    const readme = readFileSync(new URL('../../../src/intake/README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'map.json'), example);
    const { sources } = await loadMapping(join(folder.path, 'map.json'));
    expect(sources.get('title')).toEqual({ column: ['Object Title'] });
    expect(sources.get('date')).toEqual({ column: ['Dated', 'DateText'] });
  });

  it('that is not there names the mappings that are', async () => {
    await expect(loadMapping('no-such-mapping')).rejects.toMatchObject({
      code: 'catalogue_invalid',
      message: expect.stringContaining('tms, collectionspace, dublin-core'),
    });
  });
});
