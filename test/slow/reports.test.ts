import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { makeDrawings } from '../support/drawings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const path = (name: string) => join(folder.path, name);
const run = (...args: string[]) => runCommand([...args, '--home', path('home')]);

async function ringfence(...args: string[]): Promise<Record<string, unknown>> {
  const ran = await run(...args, '--json');
  expect(ran.stderr).toBe('');
  return documents(ran).at(-1) as Record<string, unknown>;
}

describe('reports by the command line', () => {
  let release = '';
  let asset = '';

  beforeAll(async () => {
    const drawings = path('drawings');
    await makeDrawings(drawings, 9);
    await ringfence('init', '--name', 'Prints', '--institution', 'City Museum');
    await ringfence('ingest', drawings, '--catalog', join(drawings, 'catalog.csv'), '--custody');
    const cut = await ringfence('release', 'cut', 'prints', '--media', 'image');
    release = String(cut['release']);
    asset = String((await ringfence('list'))['cid']);
  });

  it('draft the summary of training content, as a text and as JSON, by name and by CID', async () => {
    const written = await ringfence(
      'report',
      'ai-act',
      'prints',
      '1.0.0',
      '--out',
      path('summary'),
    );
    expect(written).toEqual({
      files: [path('summary/training-summary.md'), path('summary/training-summary.json')],
    });
    const markdown = await readFile(path('summary/training-summary.md'), 'utf8');
    expect(markdown).toMatch(/draft/i);
    expect(markdown).toContain('CC-BY-4.0');
    const summary = JSON.parse(await readFile(path('summary/training-summary.json'), 'utf8'));
    const prepared = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(await ringfence('report', 'ai-act', release)).toEqual({ ...summary, prepared });
    const shown = await run('report', 'ai-act', release);
    const timeless = (text: string) => text.trimEnd().replaceAll(/T[\d:]{8}Z/g, '');
    expect(timeless(shown.stdout)).toBe(timeless(markdown));
  });

  it('tell of an asset what it rests on and which release has it, and name makers when asked', async () => {
    const written = await ringfence('report', 'provenance', asset, '--out', path('prov.json'));
    expect(written).toEqual({ out: path('prov.json') });
    const text = await readFile(path('prov.json'), 'utf8');
    const document = JSON.parse(text) as Record<string, object>;
    expect(Object.keys(document['entity'] ?? {}).join(' ')).toContain(asset);
    expect(text).toContain(release);
    expect(text).not.toMatch(/Maker \d/);
    const named = await run('report', 'provenance', asset, '--names');
    expect(named.stdout).toMatch(/Maker \d/);
  });

  it('refuse a name without its version, and a release that is not recorded', async () => {
    const half = await run('report', 'ai-act', 'prints');
    expect(half.stderr).toContain('has no version after it');
    expect(half.status).toBe(2);
    const unknown = await run('report', 'ai-act', 'prints', '9.9.9');
    expect(unknown.stderr).toContain('9.9.9');
    expect(unknown.status).not.toBe(0);
    expect(unknown.stdout).toBe('');
  });
});
