import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WalkItem, WalkOptions } from '../../../src/core/ports/intake.ts';
import { walkFiles } from '../../../src/intake/files/walk-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function walk(paths: readonly string[], options?: WalkOptions): Promise<WalkItem[]> {
  return Array.fromAsync(walkFiles(paths, options));
}

function files(items: readonly WalkItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'file' ? [item.relative] : []));
}

function skipped(items: readonly WalkItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'skipped' ? [`${item.relative}: ${item.reason}`] : [],
  );
}

function problems(items: readonly WalkItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'problem' ? [`${item.code} ${item.text}`] : []));
}

/** Writes files, making their folders; a path that ends in `/` is an empty folder. */
function plant(root: string, paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, path, path.endsWith('/') ? '.' : '..'), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(root, path), path);
  }
}

const isRoot = process.getuid?.() === 0;

describe('walkFiles', () => {
  it('gives files with size, time and exact path, folder by folder in byte order', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/b/2', 't/b/10', 't/a.txt', 't/Z', 't/empty/', 't/b.c', 't/é']);
    const items = await walk([join(folder.path, 't')]);
    expect(files(items)).toEqual(['t/Z', 't/a.txt', 't/b/10', 't/b/2', 't/b.c', 't/é']);
    const first = items[0];
    if (first?.kind !== 'file') throw new Error('no file');
    expect(Buffer.from(first.path).toString()).toBe(join(folder.path, 't', 'Z'));
    expect(first.name).toBe('Z');
    expect(first.size).toBe(3);
    expect(first.modifiedMs).toBeGreaterThan(1_500_000_000_000);
  });

  it('begins item paths with the base name of the PATH, or of the folder for "."', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['album/x']);
    const before = process.cwd();
    process.chdir(join(folder.path, 'album'));
    try {
      expect(files(await walk(['.']))).toEqual(['album/x']);
      expect(files(await walk(['x']))).toEqual(['x']);
      expect(files(await walk(['../album/']))).toEqual(['album/x']);
    } finally {
      process.chdir(before);
    }
  });

  it('skips hidden files and folders unless they are asked for or named', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/.hidden', 't/.git/config', 't/seen', '.dot/inner', '.dot/.deep']);
    const tree = join(folder.path, 't');
    const plain = await walk([tree]);
    expect(files(plain)).toEqual(['t/seen']);
    expect(skipped(plain)).toEqual(['t/.git: hidden', 't/.hidden: hidden']);
    expect(files(await walk([tree], { hidden: true }))).toEqual([
      't/.git/config',
      't/.hidden',
      't/seen',
    ]);
    expect(files(await walk([join(folder.path, '.dot')]))).toEqual(['.dot/inner']);
    expect(files(await walk([join(tree, '.hidden')]))).toEqual(['.hidden']);
  });

  it('leaves out what is excluded, below a PATH and as a PATH', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/home/pack', 't/home/sub/x', 't/a', 't/home2']);
    const tree = join(folder.path, 't');
    const exclude = [join(tree, 'home'), join(tree, 'not-there')];
    const items = await walk([tree, join(tree, 'home', 'sub')], { exclude });
    expect(files(items)).toEqual(['t/a', 't/home2']);
    expect(skipped(items)).toEqual(['t/home: excluded', 'sub: excluded']);
  });

  it('follows no link, and says which lead out of the tree', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['outside/secret', 't/real', 't/sub/x', 'second/y']);
    const tree = join(folder.path, 't');
    symlinkSync('real', join(tree, 'to-file'));
    symlinkSync('..', join(tree, 'sub', 'loop'));
    symlinkSync('../outside', join(tree, 'out'));
    symlinkSync('../second/y', join(tree, 'other'));
    symlinkSync('nowhere', join(tree, 'broken'));
    symlinkSync('self', join(tree, 'self'));
    const items = await walk([tree, join(folder.path, 'second')]);
    expect(files(items)).toEqual(['t/real', 't/sub/x', 'second/y']);
    expect(skipped(items)).toEqual([
      't/other: link-inside',
      't/out: link-outside',
      't/sub/loop: link-inside',
      't/to-file: link-inside',
    ]);
    expect(problems(items)).toHaveLength(2);
    expect(problems(items)[0]).toContain('file_unreadable "t/broken"');
    expect(problems(items)[1]).toContain('leads back to itself');
  });

  it('follows a link that is itself the PATH, under the name it was offered by', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['store/v1/x']);
    symlinkSync('store/v1', join(folder.path, 'current'));
    expect(files(await walk([join(folder.path, 'current')]))).toEqual(['current/x']);
  });

  it('gives a file once when PATHs overlap, whichever comes first', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/sub/x', 't/sub/.h/y', 't/z']);
    const tree = join(folder.path, 't');
    const sub = join(tree, 'sub');
    const outer = await walk([tree, sub, tree, join(sub, 'x'), join(sub, '.h')]);
    expect(files(outer)).toEqual(['t/sub/x', 't/z', '.h/y']);
    expect(skipped(outer)).toContain('sub: repeated');
    const inner = await walk([sub, tree]);
    expect(files(inner)).toEqual(['sub/x', 't/z']);
    expect(skipped(inner)).toEqual(['sub/.h: hidden', 't/sub: repeated']);
    expect(files(await walk([join(sub, 'x'), tree]))).toEqual(['x', 't/z']);
  });

  it('takes thousands of PATHs, as a shell gives them, without comparing each with each', async () => {
    using folder = temporaryFolder();
    const names = Array.from({ length: 3000 }, (_, n) => String(n).padStart(4, '0'));
    plant(folder.path, names);
    const paths = names.map((name) => join(folder.path, name));
    expect(files(await walk([...paths, ...paths]))).toEqual(names);
  });

  it('takes two hard links to one file as two files', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/a']);
    linkSync(join(folder.path, 't/a'), join(folder.path, 't/b'));
    expect(files(await walk([join(folder.path, 't')]))).toEqual(['t/a', 't/b']);
  });

  it('reports pipes, sockets and devices instead of opening them', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/a']);
    const tree = join(folder.path, 't');
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(tree, 'socket'), done));
    try {
      const items = await walk([tree, '/dev/null']);
      expect(files(items)).toEqual(['t/a']);
      expect(problems(items)[0]).toContain('"t/pipe" is a pipe');
      expect(problems(items)[1]).toContain('"t/socket" is a socket');
      expect(problems(items)[2]).toContain('"/dev/null" is neither a file nor a folder');
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('reports a PATH that does not exist and goes on with the others', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/a']);
    const items = await walk([join(folder.path, 'gone'), join(folder.path, 't')]);
    expect(problems(items)[0]).toMatch(/^file_unreadable ".*gone" is not there/);
    expect(files(items)).toEqual(['t/a']);
  });

  it('reports a folder and a file that vanish while it walks, and goes on', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/a', 't/b/x', 't/c', 't/d']);
    const tree = join(folder.path, 't');
    const items: WalkItem[] = [];
    for await (const item of walkFiles([tree])) {
      if (items.length === 0) {
        rmSync(join(tree, 'b'), { recursive: true });
        rmSync(join(tree, 'c'));
      }
      items.push(item);
    }
    expect(files(items)).toEqual(['t/a', 't/d']);
    expect(problems(items).map((text) => text.slice(0, 35))).toEqual([
      'file_unreadable "t/b" is not there;',
      'file_unreadable "t/c" is not there;',
    ]);
  });

  it.skipIf(isRoot)('reports a folder it may not read (skipped for root, who may)', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/locked/x', 't/z']);
    chmodSync(join(folder.path, 't/locked'), 0o000);
    const items = await walk([join(folder.path, 't')]);
    chmodSync(join(folder.path, 't/locked'), 0o755);
    expect(files(items)).toEqual(['t/z']);
    expect(problems(items)[0]).toContain('the folder "t/locked" may not be read');
  });

  it('keeps strange names exactly: newline, bytes that are not UTF-8, 255 bytes, combining', async () => {
    using folder = temporaryFolder();
    const long = `${'ä'.repeat(126)}123`;
    const names = [
      Buffer.from('line\nbreak\u001b[31m'),
      Buffer.from('caf\xe9', 'latin1'),
      Buffer.from('back\\x41slash'),
      Buffer.from(long),
      Buffer.from('e\u0301'),
      Buffer.from('\u00e9'),
      Buffer.from(' space '),
    ].sort(Buffer.compare);
    expect(Buffer.byteLength(long)).toBe(255);
    const tree = Buffer.from(join(folder.path, 't/'));
    mkdirSync(tree);
    for (const name of names) writeFileSync(Buffer.concat([tree, name]), name);
    const items = await walk([join(folder.path, 't')]);
    expect(items.map((item) => (item.kind === 'file' ? Buffer.from(item.path) : item))).toEqual(
      names.map((name) => Buffer.concat([tree, name])),
    );
    expect(files(items)).toContain('t/caf\\xe9');
    expect(files(items)).toContain('t/back\\x5cx41slash');
    expect(files(items)).toContain('t/line\nbreak\u001b[31m');
  });

  it('walks 600 nested folders and stops with a problem where paths become too long', async () => {
    using folder = temporaryFolder();
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      for (let depth = 0; depth < 600; depth += 1) {
        mkdirSync('deep-fold');
        process.chdir('deep-fold');
        if (depth === 300) writeFileSync('half-way', '');
      }
      writeFileSync('bottom', '');
    } finally {
      process.chdir(before);
    }
    const items = await walk([folder.path]);
    expect(files(items).map((path) => path.slice(-8))).toEqual(['half-way']);
    expect(problems(items)).toHaveLength(1);
    expect(problems(items)[0]).toContain('longer than the system opens');
    execFileSync('rm', ['-rf', join(folder.path, 'deep-fold')]);
  });

  it('sorts a folder of 9,000 names, more than one run', async () => {
    using folder = temporaryFolder();
    const names = Array.from({ length: 9000 }, (_, n) => `${(n * 7919) % 9000}`);
    for (const name of names) writeFileSync(join(folder.path, name), '');
    const given = files(await walk([folder.path])).map((path) => path.split('/')[1]);
    expect(given).toEqual(names.sort());
  });

  it('stops with "aborted" when the signal fires', async () => {
    using folder = temporaryFolder();
    plant(folder.path, ['t/a', 't/b', 't/c']);
    const controller = new AbortController();
    const seen: string[] = [];
    const walking = async () => {
      for await (const item of walkFiles([folder.path], { signal: controller.signal })) {
        seen.push(item.relative);
        controller.abort();
      }
    };
    await expect(walking()).rejects.toMatchObject({ code: 'aborted', retryable: true });
    expect(seen).toHaveLength(1);
  });
});
