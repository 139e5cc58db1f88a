import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Catalogue rows for the drawings of the npm package `openmoji`, from its own list of them. */

interface Drawing {
  readonly hexcode: string;
  readonly annotation: string;
  readonly tags: string;
  readonly openmoji_author: string;
  readonly openmoji_date: string;
}

const CREATION = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation';

export async function drawingRows(): Promise<{
  readonly folder: string;
  readonly csv: string;
  readonly count: number;
  readonly makers: number;
}> {
  const root = join('node_modules', 'openmoji');
  const folder = join(root, 'color', 'svg');
  const drawings: Drawing[] = JSON.parse(
    await readFile(join(root, 'data', 'openmoji.json'), 'utf8'),
  );
  const source = await sourceOf('openmoji');
  const rows = drawings.map((drawing) => [
    `svg/${drawing.hexcode}.svg`,
    drawing.annotation,
    drawing.openmoji_author,
    'CC-BY-SA-4.0',
    source,
    CREATION,
    drawing.openmoji_date,
    drawing.tags.split(', ').join('; '),
  ]);
  const head = [
    'path',
    'title',
    'creator',
    'licence',
    'source',
    'digital_source_type',
    'date',
    'tags',
  ];
  return {
    folder,
    csv: csv([head, ...rows]),
    count: rows.length,
    makers: new Set(drawings.map((drawing) => drawing.openmoji_author)).size,
  };
}

/** Rows that call three generated files the work of people. */
export function lyingRows(): string {
  return csv([
    ['path', 'title', 'creator', 'licence', 'digital_source_type'],
    ['generated/registered.md', 'Valley of the unicorns', 'Ada Example', 'CC0-1.0', CREATION],
    ['generated/traced.png', 'A painted landscape', 'Ada Example', 'CC0-1.0', CREATION],
    ['generated/untraced.mp3', 'A voice message', 'Ada Example', 'CC0-1.0', CREATION],
  ]);
}

/** The package as the lockfile names it: version, and the digest that npm checked. */
async function sourceOf(name: string): Promise<string> {
  const lock: { packages: Record<string, { version: string; integrity: string }> } = JSON.parse(
    await readFile('package-lock.json', 'utf8'),
  );
  const entry = lock.packages[`node_modules/${name}`];
  if (entry === undefined) throw new Error(`package-lock.json does not name ${name}`);
  return `npm:${name}@${entry.version}#${entry.integrity}`;
}

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
