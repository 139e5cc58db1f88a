import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
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

function pull(onSpawn: (kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const args = ['--json', 'pull', 'works@1.0.0', '--from', proxy.url, '--out', out];
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
  const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  for (const line of sums) {
    const [sum, name = ''] = line.split('  ');
    const bytes = readFileSync(join(out, name));
    expect([name, createHash('sha256').update(bytes).digest('hex')]).toEqual([name, sum]);
  }
  expect(existsSync(join(out, '.ringfence-pull'))).toBe(false);
});
