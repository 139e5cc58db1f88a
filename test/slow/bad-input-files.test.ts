import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Files and rows as they should not be, offered to the real process. */

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const PICTURE = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation';

beforeAll(async () => {
  const init = await runCommand(['--home', home, 'init', '--name', 'N', '--institution', 'N']);
  expect(init.status).toBe(EXIT.done);
});
afterAll(() => temporary[Symbol.dispose]());

const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);

function folderOf(name: string): string {
  const folder = join(temporary.path, name);
  mkdirSync(folder);
  return folder;
}

function done(ran: Ran): unknown {
  return documents(ran).at(-1);
}

function failures(ran: Ran): unknown[] {
  return documents(ran).filter((one) => (one as { event?: string }).event === 'failed');
}

async function sound(): Promise<void> {
  const verified = await run('verify');
  expect(verified.stdout + verified.stderr).toContain('"problems":[]');
  expect(verified.status).toBe(EXIT.done);
}

/** Root may read everything, so the command runs as somebody else. */
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65_534 } : {};

it('names a file that may not be read, takes the others, and the file when it may', async () => {
  const offered = folderOf('unreadable');
  const own = join(temporary.path, 'own');
  mkdirSync(own);
  writeFileSync(join(offered, 'closed.svg'), '<svg xmlns="http://www.w3.org/2000/svg" id="1"/>');
  writeFileSync(join(offered, 'open.svg'), '<svg xmlns="http://www.w3.org/2000/svg" id="2"/>');
  chmodSync(join(offered, 'closed.svg'), 0);
  chmodSync(temporary.path, 0o755);
  if (isRoot) chownSync(own, 65_534, 65_534);
  const asNobody = (...args: string[]) => runCommand(['--home', own, '--json', ...args], nobody);
  expect((await asNobody('init')).status).toBe(EXIT.done);
  const ran = await asNobody('ingest', offered);
  expect(ran.status).toBe(EXIT.incomplete);
  expect(failures(ran)).toEqual([
    {
      event: 'failed',
      code: 'file_unreadable',
      subject: 'unreadable/closed.svg',
      text: expect.stringMatching(/closed\.svg.*may not be read/),
    },
  ]);
  expect(done(ran)).toMatchObject({ deposits: 1, failed: 1 });
  chmodSync(join(offered, 'closed.svg'), 0o644);
  expect(done(await asNobody('ingest', offered))).toMatchObject({ deposits: 1, duplicates: 1 });
  expect((await asNobody('verify')).status).toBe(EXIT.done);
});

it('refuses a file that changes while it is read, and takes it when it rests', async () => {
  const offered = folderOf('changing');
  const path = join(offered, 'growing.bin');
  writeFileSync(path, 'x');
  truncateSync(path, 200 * 1024 * 1024);
  const writing = setInterval(() => appendFileSync(path, 'y'), 1);
  try {
    const ran = await run('ingest', offered);
    expect(ran.status).toBe(EXIT.incomplete);
    expect(failures(ran)).toMatchObject([
      { code: 'file_changed', subject: 'changing/growing.bin' },
    ]);
  } finally {
    clearInterval(writing);
  }
  await sound();
  expect(done(await run('ingest', offered))).toMatchObject({ deposits: 1, failed: 0 });
});

it('takes, shows and checks a file of no bytes', async () => {
  const offered = folderOf('empty');
  writeFileSync(join(offered, 'nothing.txt'), '');
  expect(done(await run('ingest', offered))).toMatchObject({ deposits: 1, bytes: 0, failed: 0 });
  const empty = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
  expect(documents(await run('show', empty))).toMatchObject([{ cid: empty, size: 0 }]);
  expect((await run('explain', empty)).status).toBe(EXIT.done);
  await sound();
});

it('takes a sparse file of 3 GiB in memory that does not grow with it', async () => {
  const offered = folderOf('sparse');
  const peak = join(temporary.path, 'peak');
  const hook = fileURLToPath(new URL('../support/children/note-peak.ts', import.meta.url));
  const env = { PEAK_FILE: peak, NODE_OPTIONS: `--import=${hook}` };
  const ingest = async () => {
    const ran = await runCommand(['--home', home, '--json', 'ingest', offered], { env });
    return { counts: done(ran), mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 };
  };
  writeFileSync(join(offered, 'small.bin'), 'x');
  truncateSync(join(offered, 'small.bin'), 64 * 1024 * 1024);
  const small = await ingest();
  writeFileSync(join(offered, 'large.bin'), 'y');
  truncateSync(join(offered, 'large.bin'), 3 * 1024 ** 3);
  const large = await ingest();
  expect(large.counts).toMatchObject({ deposits: 1, bytes: 3 * 1024 ** 3, failed: 0 });
  expect(large.mebibytes, `after ${small.mebibytes} MiB for 64 MiB`).toBeLessThan(
    small.mebibytes + 128,
  );
});

describe('names', () => {
  const longest = `${'n'.repeat(251)}.svg`;
  const names: readonly [string, Buffer, string][] = [
    ['a newline', Buffer.from('two\nlines.svg'), 'two\nlines.svg'],
    ['bytes that are not UTF-8', Buffer.from('6361e92e737667', 'hex'), 'ca\\xe9.svg'],
    ['255 bytes', Buffer.from(longest), longest],
    ['a composed character', Buffer.from('caf\u00e9.svg'), 'caf\u00e9.svg'],
    ['a combining character', Buffer.from('cafe\u0301.svg'), 'cafe\u0301.svg'],
    ['an escape sequence', Buffer.from('\u001b[31mred.svg'), '\u001b[31mred.svg'],
  ];

  it(`with ${names.map(([what]) => what).join(', ')} are kept, told safely and released`, async () => {
    const offered = folderOf('names');
    const rows = ['path,title,creator,licence,digital_source_type,source'];
    for (const [what, bytes, text] of names) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg"><desc>${what}</desc></svg>`;
      writeFileSync(Buffer.concat([Buffer.from(`${offered}/`), bytes]), svg);
      rows.push(`"${text}",${what},Ada,CC0-1.0,${PICTURE},npm:names@1.0.0`);
    }
    const catalogue = join(temporary.path, 'names.csv');
    writeFileSync(catalogue, `${rows.join('\n')}\n`);
    const ingest = ['ingest', offered, '--catalog', catalogue, '--custody'];
    const first = await run(...ingest);
    expect(failures(first)).toEqual([]);
    expect(done(first)).toMatchObject({ deposits: names.length, custody: names.length });
    expect(done(await run(...ingest))).toMatchObject({ deposits: 0, entries: 0, bytes: 0 });
    const listed = await run('search', 'Ada');
    for (const document of documents(listed)) {
      const { cid, title } = document as { cid: string; title: string };
      const [asset] = documents(await run('show', cid));
      const wanted = names.find(([what]) => what === title);
      expect(JSON.stringify(asset), title).toContain(JSON.stringify(wanted?.[2]).slice(1, -1));
      const shown = await runCommand(['--home', home, 'show', cid]);
      // Nothing of a name can move the cursor, and each line is whole.
      expect([...shown.stdout].filter((one) => one < ' ' && one !== '\n')).toEqual([]);
      expect(shown.stdout).not.toContain('two\nlines');
    }
    const [cut] = documents(await run('release', 'cut', 'names', '--query', 'Ada'));
    expect(cut).toMatchObject({ assets: names.length });
    const out = join(temporary.path, 'names-out');
    const { release } = cut as { release: string };
    expect((await run('release', 'export', release, '--out', out)).status).toBe(EXIT.done);
    expect((await run('release', 'verify', release)).status).toBe(EXIT.done);
    await sound();
  });
});

it('names rows without a file, of a file twice and with an unknown licence, and takes the rest', async () => {
  const offered = folderOf('rows');
  for (const name of ['good', 'twice', 'unclear']) {
    writeFileSync(
      join(offered, `${name}.svg`),
      `<svg xmlns="http://www.w3.org/2000/svg" id="${name}"/>`,
    );
  }
  const catalogue = join(offered, 'catalog.csv');
  const rows = [
    'path,title,creator,licence',
    'good.svg,Good,Ada,CC0-1.0',
    'gone.svg,Gone,Ada,CC0-1.0',
    'twice.svg,Once,Ada,CC0-1.0',
    'twice.svg,Twice,Ada,MIT',
    'unclear.svg,Unclear,Ada,CC-BY-5.0',
  ];
  writeFileSync(catalogue, `${rows.join('\n')}\n`);
  const ran = await run('ingest', offered, '--catalog', catalogue);
  expect(ran.status).toBe(EXIT.incomplete);
  const codes = failures(ran).map((one) => (one as { code: string }).code);
  expect(codes.sort()).toEqual(['licence_unknown', 'row_duplicate', 'row_without_file']);
  const texts = failures(ran).map((one) => (one as { text: string }).text);
  for (const name of ['gone.svg', 'twice.svg', 'CC-BY-5.0']) {
    expect(texts.join('\n')).toContain(name);
  }
  rows[5] = 'unclear.svg,Unclear,Ada,CC-BY-4.0';
  writeFileSync(catalogue, `${rows.filter((row) => !/gone|Twice/.test(row)).join('\n')}\n`);
  const again = await run('ingest', offered, '--catalog', catalogue);
  expect(again.status).toBe(EXIT.done);
  await sound();
});
