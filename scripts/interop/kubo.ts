import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The file parameters of IPIP-0499 profile `unixfs-v1-2025`, for versions that do not know its name. */
const PROFILE = [
  '--cid-version=1',
  '--raw-leaves',
  '--chunker=size-1048576',
  '--max-file-links=1024',
  '--max-hamt-fanout=256',
];

/** A Kubo repository of its own, offline, gone when it is disposed. */
export interface Kubo extends AsyncDisposable {
  /** Returns the first line that `ipfs` prints. */
  readonly ipfs: (...args: string[]) => Promise<string>;
  /** Returns the CID that `ipfs add` computes for a file or, with all that is in it, a folder. */
  readonly cidOf: (path: string) => Promise<string>;
  /** Reads a file by CID and returns the sha-256 of its bytes. */
  readonly digestOf: (cid: string) => Promise<string>;
}

export async function openKubo(program: string): Promise<Kubo> {
  const repository = await mkdtemp(join(tmpdir(), 'ringfence-kubo-'));
  const env = { ...process.env, IPFS_PATH: repository };
  const ipfs = async (...args: string[]) => {
    const { stdout } = await run(program, ['--offline', ...args], { env, maxBuffer: 2 ** 28 });
    return stdout.trim();
  };
  await run(program, ['init', '--empty-repo'], { env });
  return {
    ipfs,
    cidOf: (path) => ipfs('add', '--quieter', '--only-hash', '--recursive', ...PROFILE, path),
    digestOf: async (cid) => {
      const cat = spawn(program, ['--offline', 'cat', cid], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const digest = createHash('sha256');
      for await (const chunk of cat.stdout) digest.update(chunk);
      return digest.digest('hex');
    },
    [Symbol.asyncDispose]: () => rm(repository, { recursive: true }),
  };
}
