import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, runCommand } from '../support/command.ts';
import { poemHome } from '../support/poem-home.ts';

const UNKNOWN = 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

describe('a mistake on the command line', () => {
  const { temporary, home, run } = poemHome();

  const mistakes: { args: string[]; status: number; says: string[] }[] = [
    { args: ['verifi'], status: EXIT.usage, says: ['verify', '"ringfence --help"'] },
    {
      args: ['list', '--limt', '3'],
      status: EXIT.usage,
      says: ['--limit', '"ringfence list --help"'],
    },
    {
      args: ['release', 'export', UNKNOWN],
      status: EXIT.usage,
      says: ['--out', 'release export --help'],
    },
    { args: ['explain', UNKNOWN], status: EXIT.notFound, says: [UNKNOWN, '"list"'] },
    {
      args: ['release', 'show', 'prints'],
      status: EXIT.usage,
      says: ['"prints"', '"release list"'],
    },
    {
      args: ['release', 'export', UNKNOWN, '--out', 'out'],
      status: EXIT.notFound,
      says: [UNKNOWN, '"release list"'],
    },
    { args: ['list', '--policy', 'gold'], status: EXIT.usage, says: ['--policy', '--eligible'] },
    { args: ['explain', 'bafkrei'], status: EXIT.usage, says: ['"bafkrei" is not a CID'] },
    {
      args: ['release', 'cut', 'two words'],
      status: EXIT.usage,
      says: ['name of a release', 'letters'],
    },
    { args: ['release', 'cut', 'a', '--as', 'v1'], status: EXIT.usage, says: ['version', '1.0.0'] },
    {
      args: ['release', 'cut', 'a', '--policy', 'x'],
      status: EXIT.notFound,
      says: ['corroborated'],
    },
    { args: ['ingest', 'poem.txt', '--map', 'tms'], status: EXIT.usage, says: ['--catalog'] },
    { args: ['ingest', 'nowhere'], status: EXIT.incomplete, says: ['nowhere" is not there'] },
    {
      args: ['synthetic', 'add', 'poem.txt', '--generator', 'two words'],
      status: EXIT.refused,
      says: ['letters, digits', 'generator'],
    },
    { args: ['help', 'release', 'ct'], status: EXIT.usage, says: ['cut', '"ringfence release'] },
    { args: ['check', '.'], status: EXIT.usage, says: ['holds no finished pull', '"pull"'] },
    { args: ['verify', 'nowhere'], status: EXIT.usage, says: ['nowhere is not there'] },
    { args: ['sync', 'import', 'poem.txt'], status: EXIT.usage, says: ['no export of a ledger'] },
    {
      args: ['collection', 'set', 'mian', '--public'],
      status: EXIT.notFound,
      says: ['"mian"', 'none yet', '--new'],
    },
    {
      args: ['collection', 'set', 'main', '--public', '--members'],
      status: EXIT.usage,
      says: ['one of them'],
    },
    ...[
      ['preview', UNKNOWN, '--out', 'home/key.pem'],
      ['proof', UNKNOWN, '--out', 'home/new/file'],
      ['sync', 'export', 'home/ledger.db'],
    ].map((args) => ({ args, status: EXIT.usage, says: ['keeps its own files'] })),
    { args: ['ingest', 'poem.txt', ''], status: EXIT.usage, says: ['the path is empty'] },
    { args: ['backup', '--out', ''], status: EXIT.usage, says: ['--out is empty'] },
    { args: ['status', '--home='], status: EXIT.usage, says: ['--home is empty'] },
    { args: ['init', '--name', ''], status: EXIT.usage, says: ['1 to 256 characters'] },
    { args: ['init'], status: EXIT.noHome, says: ['another home'] },
  ];

  it.each(mistakes.map((mistake) => ({ ...mistake, line: mistake.args.join(' ') })))(
    'such as "$line" is told on one line that names the way out',
    async (mistake) => {
      const { args, status, says } = mistake;
      const ran = await run(...args);
      expect(ran).toMatchObject({ status });
      for (const words of says) expect(ran.stderr).toContain(words);
      expect(ran.stderr).toMatch(/^[^\n]+ \[[a-z_]+\]\n$/);
    },
  );

  it('is a document on stdout with --json, and nothing on stderr', async () => {
    for (const args of [['verifi'], ['release'], ['explain', 'x']]) {
      const ran = await run('--json', ...args);
      expect(ran.stderr).toBe('');
      expect(documents(ran)).toEqual([
        {
          error: {
            code: expect.stringMatching(/_invalid$/),
            message: expect.any(String),
            retryable: false,
          },
        },
      ]);
    }
  });

  it('leaves no entry in the ledger', async () => {
    const [status] = documents(await run('--json', 'status'));
    expect(status).toMatchObject({ entries: 1, assets: 0 });
  });

  it('of a file where the home should be is no defect of the program', async () => {
    const ran = await runCommand(['--home', join(temporary.path, 'poem.txt'), 'init']);
    expect(ran).toMatchObject({ status: EXIT.usage });
    expect(ran.stderr).toContain('poem.txt cannot be made a folder');
  });

  it('of a key that is no member’s is told before anything is taken in or cut', async () => {
    const stranger = join(temporary.path, 'stranger');
    const as = (...args: string[]) => runCommand(['--home', stranger, ...args]);
    await cp(home, stranger, { recursive: true });
    const [before] = documents(await as('--json', 'doctor'));
    await rm(join(stranger, 'key.pem'));
    await runCommand(['--home', join(temporary.path, 'other'), 'init']);
    await cp(join(temporary.path, 'other', 'key.pem'), join(stranger, 'key.pem'));
    for (const work of [
      ['ingest', join(temporary.path, 'poem.txt')],
      ['release', 'cut', 'a'],
    ]) {
      const ran = await as(...work);
      expect(ran).toMatchObject({ status: EXIT.refused });
      expect(ran.stderr).toContain('is no member');
    }
    const { blocks } = before as { blocks: number };
    expect(documents(await as('--json', 'doctor'))).toMatchObject([{ blocks }]);
  });

  it('founds no second archive over the bytes of one whose ledger is lost', async () => {
    await rm(join(home, 'ledger.db'));
    for (const verb of ['init', 'status']) {
      const ran = await run(verb);
      expect(ran).toMatchObject({ status: EXIT.corrupt });
      expect(ran.stderr).toContain('ledger.db is missing');
    }
    expect(await run('verify')).toMatchObject({ status: EXIT.unsound });
  });
});
