import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes `count` small SVG drawings and a catalogue for them. Every tenth is byte for byte the one
 * before it; every two hundredth is 3 MiB, so that files of several blocks are among them.
 */
export async function makeDrawings(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rows = ['path,title,creator,licence,digital_source_type,source'];
  for (let i = 0; i < count; i += 1) {
    const shape = i % 10 === 9 ? i - 1 : i;
    const padding = i % 200 === 100 ? 'x'.repeat(3 * 1024 * 1024) : '';
    const name = `drawing-${String(i).padStart(6, '0')}.svg`;
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">` +
      `<circle cx="32" cy="32" r="${(shape % 30) + 1}"/><desc>${shape}${padding}</desc></svg>`;
    await writeFile(join(folder, name), svg);
    rows.push(
      `${name},Drawing ${i},Maker ${i % 17},CC-BY-4.0,` +
        'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation,npm:drawings@1.0.0',
    );
  }
  await writeFile(join(folder, 'catalog.csv'), `${rows.join('\n')}\n`);
}
