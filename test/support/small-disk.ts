import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** In memory, or a file on a loop device: ext4 finds out later than tmpfs that there is no room. */
export type DiskKind = 'tmpfs' | 'ext4';

/** A small file system of its own, gone when it is disposed. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all of the room but so many bytes. */
  fill(leaving?: number): void;
  /** Gives the room back. */
  empty(): void;
}

/** Mounts a file system of so many MiB on a fresh folder; throws where that is not allowed. */
export function smallDisk(mebibytes = 24, kind: DiskKind = 'tmpfs'): SmallDisk {
  const folder = temporaryFolder();
  const path = join(folder.path, 'disk');
  mkdirSync(path);
  try {
    if (kind === 'tmpfs') run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path);
    else mountLoop(join(folder.path, 'image'), path, mebibytes);
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: (leaving = 0) => {
      for (const size of [1_048_576, 65_536, 4_096]) writeUntilFull(ballast, Buffer.alloc(size, 1));
      truncateSync(ballast, Math.max(0, statSync(ballast).size - leaving));
    },
    empty: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]: () => {
      run('umount', '--lazy', path);
      folder[Symbol.dispose]();
    },
  };
}

function mountLoop(image: string, path: string, mebibytes: number): void {
  writeFileSync(image, '');
  truncateSync(image, mebibytes * 1_048_576);
  // Nothing is set aside for root, who runs these tests.
  run('mkfs.ext4', '-q', '-m', '0', image);
  run('mount', '-o', 'loop', image, path);
}

function writeUntilFull(file: string, bytes: Buffer): void {
  try {
    for (;;) writeFileSync(file, bytes, { flag: 'a' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'ignore' });
}

/** Whether this machine lets the tests mount one. */
export function canMount(kind: DiskKind): boolean {
  try {
    smallDisk(24, kind)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

/** What the title of a test says where it is skipped. */
export function whyNoDisk(kind: DiskKind): string {
  return canMount(kind) ? '' : ` (skipped: only root on Linux can mount a small ${kind})`;
}
