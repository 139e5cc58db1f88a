import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { silent } from '../support/silent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const AT = '2026-11-24T10:00:00Z';
const UNKNOWN = 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

/** A home with some poems in it, and what can be done with it. */
async function poems(folder: string) {
  const home = join(folder, 'home');
  const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);
  const many = async (count: number, name: string) => {
    const path = join(folder, name);
    await mkdir(path);
    for (let at = 0; at < count; at += 1) await writeFile(join(path, `${at}`), `${name} ${at}`);
    return path;
  };
  expect(await run('init', '--name', 'Poems', '--institution', 'House')).toMatchObject({
    status: EXIT.done,
  });
  const offered = await many(3, 'poem');
  const rows = [0, 1, 2].map((at) => `${at},Poem ${at},Ann Example,CC0-1.0,digitalCreation`);
  const catalogue = join(folder, 'catalog.csv');
  await writeFile(
    catalogue,
    ['path,title,creator,licence,digital_source_type', ...rows, ''].join('\n'),
  );
  const taken = await run('ingest', offered, '--catalog', catalogue, '--custody');
  expect(last(taken)).toMatchObject({ deposits: 3, failed: 0 });
  /** Resolves as soon as the running node has so many assets. */
  const counted = async (assets: number) => {
    const question = { purpose: 'search_index', policy: 'gold', requester: 'anyone' };
    for (let has = 0; has < assets; ) {
      const asked = await askNode(home, 'status', question, silent);
      if (asked === undefined) throw new Error('the node does not run');
      has = (asked.result as { assets: number }).assets;
    }
  };
  return { home, run, many, counted };
}

function last(ran: Ran): unknown {
  return documents(ran).at(-1);
}

describe('verbs beside a running node', () => {
  const temporary = temporaryFolder();
  let parts: Awaited<ReturnType<typeof poems>>;
  let node: TestNode;
  let asset: string;
  let release: string;
  let readings: readonly string[][];
  const without: Ran[] = [];

  beforeAll(async () => {
    parts = await poems(temporary.path);
    [asset = ''] = documents(await parts.run('list')).map(
      (found) => (found as { cid: string }).cid,
    );
    const cut = await parts.run('release', 'cut', 'poems', '--at', AT);
    release = (last(cut) as { release: string }).release;
    // The next one has nothing to add.
    await parts.run('checkpoint');
    readings = [
      ['status', '--at', AT],
      ['list'],
      ['list', '--limit', '2'],
      ['list', '--limit', '0'],
      ['search', 'poem'],
      ['show', asset],
      ['show', UNKNOWN],
      ['show', 'x'],
      ['explain', asset, '--at', AT],
      ['explain', asset, '--policy', 'none', '--at', AT],
      ['policy', 'list'],
      ['policy', 'show', 'gold'],
      ['policy', 'diff', 'corroborated', 'gold'],
      ['what-if', 'gold', '--at', AT],
      ['what-if', 'none', '--at', AT],
      ['release', 'list'],
      ['release', 'show', release],
      ['release', 'verify', release],
      ['release', 'cut', 'two words'],
      ['doctor'],
      ['checkpoint'],
      ['verify'],
    ];
    for (const args of readings) without.push(await parts.run(...args));
    node = await startNode(parts.home);
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('give the same documents, complaints and statuses as without it', async () => {
    for (const [at, args] of readings.entries()) {
      expect(await parts.run(...args), args.join(' ')).toEqual(without[at]);
    }
  });

  it('write through it, and it logs what was changed and nothing else', async () => {
    const declared = await parts.run('declare', asset, '--source-type', 'print');
    expect(last(declared)).toMatchObject({ assets: 1 });
    const out = join(temporary.path, 'out');
    expect(await parts.run('release', 'export', release, '--out', out)).toMatchObject({
      status: EXIT.done,
    });
    expect(existsSync(join(out, 'release.json'))).toBe(true);
    expect(await parts.run('reindex')).toMatchObject({ status: EXIT.done });
    expect(last(await parts.run('list'))).toEqual(last(without[1] as Ran));
    const operations = node.log.filter(({ event }) => event === 'operation');
    expect(operations.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['declare', 'release.export', 'reindex']),
    );
    expect(operations.map(({ operation }) => operation)).not.toContain('list');
  });

  it('are logged without what they were told in secret', async () => {
    const words = join(temporary.path, 'words.txt');
    await writeFile(words, 'correct horse battery staple\n');
    const out = join(temporary.path, 'backup');
    const ran = await parts.run('backup', '--out', out, '--passphrase-file', words);
    expect(ran).toMatchObject({ status: EXIT.done });
    await node.logged(({ operation }) => operation === 'backup');
    expect(JSON.stringify(node.log)).not.toMatch(/horse|words\.txt/);
  });

  it('reach it through a socket that only its owner may open', () => {
    const { mode } = statSync(join(parts.home, 'node.sock'));
    expect(mode & 0o777).toBe(0o600);
    expect(existsSync(join(parts.home, 'node.sock.new'))).toBe(false);
  });

  it('do not found another archive in its home', async () => {
    expect(await parts.run('init')).toMatchObject({ status: EXIT.locked });
  });

  it('deposit nothing twice when two of them take in the same files at once', async () => {
    const offered = await parts.many(600, 'twice');
    const ran = await Promise.all([parts.run('ingest', offered), parts.run('ingest', offered)]);
    const done = ran.map(last) as { deposits: number; stored: number }[];
    expect(ran.map(({ status }) => status)).toEqual([EXIT.done, EXIT.done]);
    expect(done.map(({ deposits }) => deposits).sort()).toEqual([0, 600]);
  });

  it('check it while others write', async () => {
    const offered = await parts.many(1200, 'checked');
    let isTaken = false;
    const taking = parts.run('ingest', offered).then((ran) => {
      isTaken = true;
      return ran;
    });
    const checks: Ran[] = [];
    while (!isTaken) checks.push(await parts.run('verify'));
    for (const check of checks) expect(last(check)).toMatchObject({ ok: true, problems: [] });
    expect(last(await taking)).toMatchObject({ deposits: 1200 });
  });

  it('that are interrupted stop what they began in it', async () => {
    const { assets } = last(await parts.run('status')) as { assets: number };
    const offered = await parts.many(2000, 'interrupted');
    let interrupt = () => {};
    const taking = runCommand(['--home', parts.home, '--json', 'ingest', offered], {
      onSpawn: (kill) => {
        interrupt = () => kill('SIGINT');
      },
    });
    await parts.counted(assets + 1);
    interrupt();
    const ran = await taking;
    expect(ran.status).toBe(EXIT.interrupted);
    expect(last(ran)).toMatchObject({ error: { code: 'aborted' } });
    await node.logged(({ event, outcome }) => event === 'operation' && outcome === 'aborted');
    expect(last(await parts.run('verify'))).toMatchObject({ ok: true });
  });
});

describe('a node', () => {
  it('that is killed leaves a home that verbs open themselves, and a next node', async () => {
    using temporary = temporaryFolder();
    const { home, run } = await poems(temporary.path);
    {
      await using node = await startNode(home);
      node.signal('SIGKILL');
      await node.ended;
    }
    expect(existsSync(join(home, 'node.sock'))).toBe(true);
    expect(documents(await run('list'))).toHaveLength(3);
    await using next = await startNode(home);
    expect(documents(await run('list'))).toHaveLength(3);
    next.signal('SIGTERM');
    expect(await next.ended).toEqual({ status: EXIT.done, signal: null });
    expect(existsSync(join(home, 'node.sock'))).toBe(false);
  });

  it('that is ended during an ingest stops it, and loses nothing that was acknowledged', async () => {
    using temporary = temporaryFolder();
    const { home, run, many, counted } = await poems(temporary.path);
    const offered = await many(2000, 'ended');
    await using node = await startNode(home);
    const taking = run('ingest', offered);
    await counted(4);
    node.signal('SIGTERM');
    const ran = await taking;
    expect(ran.status).toBe(EXIT.interrupted);
    expect(last(ran)).toMatchObject({ error: { code: 'aborted' } });
    expect(await node.ended).toEqual({ status: EXIT.done, signal: null });
    expect(node.log.at(-1)).toMatchObject({ event: 'stopped' });
    expect(last(await run('verify'))).toMatchObject({ ok: true });
    const again = last(await run('ingest', offered)) as { deposits: number; stored: number };
    expect(again.deposits).toBeGreaterThan(0);
    expect(again.deposits).toBeLessThan(2000);
    expect(last(await run('status'))).toMatchObject({ assets: 2003 });
  });

  it('that is signalled a second time ends at once, with the status of an interruption', async () => {
    using temporary = temporaryFolder();
    const { home } = await poems(temporary.path);
    await using node = await startNode(home);
    // Both are pending when it goes on, so that it cannot have ended after the first.
    for (const name of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) node.signal(name);
    expect(await node.ended).toEqual({ status: EXIT.interrupted, signal: null });
  });

  it('can have a home whose path is longer than the address of a socket', async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, 'a'.repeat(120), 'b'.repeat(120));
    await mkdir(folder, { recursive: true });
    const { home, run } = await poems(folder);
    await using node = await startNode(home);
    expect(await run('declare', UNKNOWN, '--source-type', 'print')).toMatchObject({
      status: EXIT.notFound,
    });
    expect(node.log.map(({ operation }) => operation)).toContain('declare');
  });

  it('is not started twice', async () => {
    using temporary = temporaryFolder();
    const { home, run } = await poems(temporary.path);
    await using node = await startNode(home);
    const second = await run('serve');
    expect(second.status).toBe(EXIT.locked);
    expect(last(second)).toMatchObject({
      error: { code: 'home_locked', message: expect.stringContaining(`process ${node.pid}`) },
    });
  });
});

describe('two verbs at once without a node', () => {
  it('wait for each other', async () => {
    using temporary = temporaryFolder();
    const { run } = await poems(temporary.path);
    const ran = await Promise.all([run('list'), run('list'), run('list')]);
    expect(ran.map(({ status }) => status)).toEqual([EXIT.done, EXIT.done, EXIT.done]);
  });
});
