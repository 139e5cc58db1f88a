import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The newest first; the second one is what the vectors were made with. */
const VERSIONS = ['latest', 'v0.39.0'];

/** One of its parts must be newer than Kubo asks for, or it does not build with Go 1.26. */
const NEWER_PARTS = ['github.com/cockroachdb/swiss@latest'];

/**
 * Returns the path of an `ipfs` program: the one that `RINGFENCE_IPFS` names, the one on the path, or
 * one that Go builds (once, some minutes; kept in the user's cache folder). Undefined, with the
 * reason printed, where there is none to be had.
 */
export async function findKubo(): Promise<string | undefined> {
  const named = process.env['RINGFENCE_IPFS'];
  if (named !== undefined) return named;
  if (await answers('ipfs', ['version'])) return 'ipfs';
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'ringfence-interop');
  const built = join(folder, 'ipfs');
  if (existsSync(built)) return built;
  if (!(await answers('go', ['version']))) {
    console.log('skipped: neither ipfs nor go is installed');
    return undefined;
  }
  for (const version of VERSIONS) {
    console.log(`building Kubo ${version} with Go; this takes some minutes`);
    try {
      await build(join(folder, version), version, built);
      return built;
    } catch (error) {
      console.log(`Kubo ${version} cannot be built here: ${lastLine(error)}`);
    }
  }
  console.log('skipped: Kubo can neither be found nor built');
  return undefined;
}

async function build(folder: string, version: string, target: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const go = (...args: string[]) => run('go', args, { cwd: folder, maxBuffer: 2 ** 26 });
  if (!existsSync(join(folder, 'go.mod'))) await go('mod', 'init', 'interop');
  await go('get', `github.com/ipfs/kubo/cmd/ipfs@${version}`);
  await go('get', ...NEWER_PARTS);
  await go('build', '-o', target, 'github.com/ipfs/kubo/cmd/ipfs');
}

async function answers(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args);
    return true;
  } catch {
    // Not installed, or not working: the same to us.
    return false;
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
