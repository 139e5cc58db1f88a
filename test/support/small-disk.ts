import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A small file system of its own, gone when it is disposed. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all of the room but so many bytes. */
  fill(leaving?: number): void;
  /** Gives the room back. */
  empty(): void;
}

/** Mounts a file system of so many MiB on a fresh folder; throws where that is not allowed. */
export function smallDisk(mebibytes = 24): SmallDisk {
  const folder = temporaryFolder();
  const path = join(folder.path, 'disk');
  const ballast = join(path, 'ballast');
  mkdirSync(path);
  try {
    const size = `size=${mebibytes}m`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path], { stdio: 'ignore' });
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  return {
    path,
    fill: (leaving = 0) => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving)), { flag: 'a' });
    },
    empty: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]: () => {
      execFileSync('umount', ['--lazy', path]);
      folder[Symbol.dispose]();
    },
  };
}

/** Whether this machine lets the tests mount one. */
export const canMount = (() => {
  try {
    smallDisk()[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
})();

/** What the title of a test says where it is skipped. */
export const whyNoDisk = canMount ? '' : ' (skipped: only root on Linux can mount a small disk)';
