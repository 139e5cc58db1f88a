import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CatalogueRow } from '../../src/core/ports/intake.ts';
import { walkFiles } from '../../src/intake/files/walk-files.ts';
import { openCatalogueFile } from '../../src/intake/rows/open-catalogue-file.ts';

const CORPUS =
  process.env['RINGFENCE_CORPUS'] ??
  fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const isThere = existsSync(`${CORPUS}/catalog.csv`);

describe.skipIf(!isThere)('the handout corpus (skipped without RINGFENCE_CORPUS)', () => {
  it.each([
    ['catalog.csv', '', 271],
    ['synthetic/catalog.csv', '', 35],
    ['synthetic/catalog.csv', '/synthetic', 35],
  ])(
    '%s offered with the folder %j: every one of its rows is good and has its file',
    async (file, folder, count) => {
      const offered = CORPUS + folder;
      await using catalogue = await openCatalogueFile(`${CORPUS}/${file}`, { paths: [offered] });
      expect(catalogue.recordCount).toBe(count);
      expect(catalogue.warnings).toEqual([]);
      const rows: CatalogueRow[] = [];
      for await (const item of walkFiles([offered])) {
        if (item.kind !== 'file') throw new Error(`${item.kind}: ${item.relative}`);
        const row = await catalogue.rowFor(item);
        if (row?.kind === 'problem') throw new Error(row.text);
        if (row === undefined) continue;
        expect(row.bytes).toBe(item.size);
        rows.push(row);
      }
      expect(rows).toHaveLength(count);
      expect(await Array.fromAsync(catalogue.unmatched())).toEqual([]);
      expect(rows.filter((row) => row.dateText !== null && row.date === null)).toEqual([]);
    },
  );

  it('reads joint makers, quoted commas and dates', async () => {
    await using catalogue = await openCatalogueFile(`${CORPUS}/catalog.csv`, { paths: [CORPUS] });
    const rows = (await Array.fromAsync(catalogue.rows())).filter((row) => row.kind === 'row');
    expect(rows.filter((row) => row.dateText === null)).toHaveLength(145);
    expect(rows.some((row) => row.makers.length > 1)).toBe(true);
    expect(new Set(rows.map((row) => row.licence))).toContain('LicenseRef-public-domain');
    expect(new Set(rows.map((row) => row.synthetic))).toEqual(new Set(['no']));
  });
});
