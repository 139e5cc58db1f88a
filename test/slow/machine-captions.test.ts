import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const path = (name: string) => join(folder.path, name);
const run = (...args: string[]) => runCommand(['--home', path('home'), '--json', ...args]);

/** The empty file, which nobody took in. */
const UNKNOWN = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

interface Explained {
  readonly verdict: string;
  readonly gates: readonly { readonly rules: readonly { readonly code?: string }[] }[];
}

async function explained(cid: string): Promise<Explained> {
  return documents(await run('explain', cid))[0] as Explained;
}

const codesOf = ({ gates }: Explained) =>
  gates.flatMap(({ rules }) => rules.flatMap(({ code }) => code ?? []));

describe('what a program made out of a work', () => {
  let cids = new Map<string, string>();
  const cid = (title: string) => cids.get(title) ?? `no ${title}`;

  beforeAll(async () => {
    writeFileSync(path('etching.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(path('caption.txt'), 'An etching of nothing at all.');
    writeFileSync(path('poem.txt'), 'Nothing, and then the rain.');
    writeFileSync(
      path('catalog.csv'),
      'path,title,creator,licence,digital_source_type\n' +
        'etching.svg,Etching,Ann,CC0-1.0,digitalCreation\n' +
        'poem.txt,Poem,Bea,CC0-1.0,digitalCreation\n',
    );
    await run('init', '--name', 'N', '--institution', 'Museum');
    const files = ['etching.svg', 'poem.txt'].map(path);
    await run('ingest', ...files, '--catalog', path('catalog.csv'), '--custody');
    await run('ingest', path('caption.txt'));
    const listed = documents(await run('list')) as { cid: string; title: string }[];
    cids = new Map(listed.map((one) => [one.title, one.cid]));
  });

  it('is registered as generated in the entry that derives it, and leaves the work as it was', async () => {
    const before = await explained(cid('Etching'));
    expect(before.verdict).toBe('eligible');
    const args = ['derive', cid('caption'), '--from', cid('Etching'), '--machine', 'blip-2'];
    const said = await run(...args);
    expect(said).toMatchObject({ status: EXIT.done, stderr: '' });
    const entry = (documents(said)[0] as { entry: string }).entry;
    expect(documents(said)).toEqual([
      { entry, derivation: `${entry}/0`, registration: `${entry}/1`, matches: [] },
    ]);
    const caption = await explained(cid('caption'));
    expect(caption.verdict).toBe('ineligible');
    expect(codesOf(caption)).toEqual(expect.arrayContaining(['E_TAINT', 'H_NEAR_DUP']));
    const { verdict, gates } = await explained(cid('Etching'));
    expect({ verdict, gates }).toEqual({ verdict: before.verdict, gates: before.gates });
  });

  it('is refused where it would be the work itself, or is what a named maker declares', async () => {
    const to = ['--from', cid('Etching'), '--machine', 'blip-2'];
    const itself = await run('derive', cid('Etching'), ...to);
    expect(itself.status).toBe(EXIT.usage);
    expect(itself.stdout).toMatch(/usage_invalid.*stem from itself/);
    const declared = await run('derive', cid('Poem'), ...to);
    expect(declared.status).toBe(EXIT.refused);
    expect(declared.stdout).toMatch(/derivation_refused.*names a maker/);
    expect((await explained(cid('Poem'))).verdict).toBe('eligible');
  });

  it('has to be known and deposited, and has one relation', async () => {
    writeFileSync(path('more.txt'), 'Some other words that a program wrote.');
    const added = documents(await run('synthetic', 'add', path('more.txt'), '--generator', 'x'));
    const to = ['--from', cid('Etching'), '--machine', 'blip-2'];
    const refused = await run('derive', (added[0] as { cid: string }).cid, ...to);
    expect(refused.stdout).toMatch(/derivation_refused.*not deposited/);
    const unknown = await run('derive', UNKNOWN, ...to);
    expect(unknown).toMatchObject({ status: EXIT.notFound });
    const twice = await run('derive', cid('caption'), ...to, '--relation', 'composed-of');
    expect(twice.status).toBe(EXIT.usage);
    expect(twice.stdout).toContain('--relation');
  });
});
