import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { smallDisk } from '../support/small-disk.ts';
import { type TamperingProxy, tamperingProxy } from '../support/tampering-proxy.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MiB = 1_048_576;
const folders = temporaryFolder();
let home: ReleaseHome;
let proxy: TamperingProxy;

beforeAll(async () => {
  home = await openReleaseHome({
    'large.bin': randomBytes(5 * MiB),
    'small.txt': Buffer.from('a poem\n'),
  });
  await home.show('public');
  proxy = await tamperingProxy(home.node.url ?? '');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const out = join(folders.path, 'out');
const isLarge = (path: string) => /\/w\/\d+\/other-bin[^/]+\.tar/.test(path);
const env = { RINGFENCE_CONFIG: join(folders.path, 'config') };

function pull(
  onSpawn: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
  into: string = out,
) {
  const args = ['--json', 'pull', 'works@1.0.0', '--from', proxy.url, '--out', into];
  return runCommand(args, { env, onSpawn });
}

/** Bytes of the shard that has begun to come. */
function begun(): number {
  const folder = join(out, '.ringfence-pull');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const part = names.find((name) => name.startsWith('other-bin') && name.endsWith('.part'));
  return part === undefined ? 0 : statSync(join(folder, part)).size;
}

it('a pull that is killed in the middle of a shard goes on there when it is run again', async () => {
  proxy.lie = ({ path }) => (isLarge(path) ? { holdAfter: 3 * MiB } : undefined);
  let kill: (signal: NodeJS.Signals) => void = () => {};
  const killed = pull((of) => {
    kill = of;
  });
  await vi.waitFor(() => expect(begun()).toBeGreaterThan(2 * MiB), { timeout: 60_000 });
  kill('SIGKILL');
  expect((await killed).signal).toBe('SIGKILL');
  expect(existsSync(join(out, 'pulled.json'))).toBe(false);
  const kept = begun();
  const ranges: string[] = [];
  proxy.lie = ({ path, headers }) => {
    if (isLarge(path)) ranges.push(String(headers['content-range']));
    return undefined;
  };
  const again = await pull();
  expect([again.status, again.stderr]).toEqual([0, expect.any(String)]);
  expect(documents(again).at(-1)).toMatchObject({ name: 'works', withheld: 0 });
  expect(ranges).toEqual([expect.stringMatching(`^bytes ${kept}-`)]);
  isWhole(out);
});

/** Looks for all of the release in a folder, and for nothing that a pull has left beside it. */
function isWhole(folder: string): void {
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  for (const line of sums) {
    const [sum, name = ''] = line.split('  ');
    const bytes = readFileSync(join(folder, name));
    expect([name, createHash('sha256').update(bytes).digest('hex')]).toEqual([name, sum]);
  }
  expect(existsSync(join(folder, '.ringfence-pull'))).toBe(false);
}

const plain = (path: string) => path.split('?')[0] ?? '';

/** Kills a pull as soon as it has asked for a path that is held; false where it is done without. */
async function isKilledAt(path: string, into: string): Promise<boolean> {
  proxy.asked.length = 0;
  let kill: (signal: NodeJS.Signals) => void = () => {};
  const killed = pull((of) => {
    kill = of;
  }, into);
  let isOver = false;
  void killed.then(() => {
    isOver = true;
  });
  while (!isOver && !proxy.asked.map(plain).includes(path)) await setTimeout(5);
  kill('SIGKILL');
  const { status, signal } = await killed;
  expect([0, null]).toContain(status);
  return signal === 'SIGKILL';
}

it('a pull that is killed at any step of its way goes on when it is run again', async () => {
  proxy.lie = () => undefined;
  proxy.asked.length = 0;
  expect((await pull(undefined, join(folders.path, 'whole'))).status).toBe(0);
  // One table stands for those that come as it does.
  const isAlike = (path: string) => /\/w\/.*\.(csv|md|jsonl?|txt|parquet)(\.car)?$/.test(path);
  const questions = [...new Set(proxy.asked.map(plain))].filter((path) => !isAlike(path));
  expect(questions.length).toBeGreaterThan(8);
  const into = join(folders.path, 'killed');
  for (const question of questions) {
    proxy.lie = ({ path }) => (plain(path) === question ? { holdAfter: 1 } : undefined);
    // Files come at once, in any order: where this one was there already, nobody asks for it.
    while (!(await isKilledAt(question, into))) rmSync(into, { recursive: true });
    expect(existsSync(join(into, 'pulled.json'))).toBe(false);
  }
  proxy.lie = () => undefined;
  expect((await pull(undefined, into)).status).toBe(0);
  isWhole(into);
});

it('a pull onto a full disk says so, and goes on when there is room', async () => {
  using disk = smallDisk(12);
  const into = join(disk.path, 'out');
  proxy.lie = () => undefined;
  disk.fill(3 * MiB);
  const full = await pull(undefined, into);
  expect(full.status).toBe(14);
  expect(JSON.parse(full.stdout)).toMatchObject({ error: { code: 'disk_full' } });
  expect(existsSync(join(into, 'pulled.json'))).toBe(false);
  disk.empty();
  const ranges: string[] = [];
  proxy.lie = ({ path, headers }) => {
    if (isLarge(path)) ranges.push(String(headers['content-range']));
    return undefined;
  };
  expect((await pull(undefined, into)).status).toBe(0);
  expect(ranges).toEqual([expect.stringMatching(/^bytes [1-9]/)]);
  isWhole(into);
});
