import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, Unreadable } from './inspector.ts';

const COPY_BYTES = 1024 * 1024;

/** A stretch of an asset. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * A file without a name, for foreign programs that read files: nothing is left behind whatever happens.
 * It can be filled again and again; who opens it sees what it holds then.
 */
export class NamelessFile implements Disposable {
  readonly fd: number;

  /** @throws {Unreadable} `io`. */
  constructor() {
    this.fd = onDisk(() => {
      const folder = mkdtempSync(join(tmpdir(), 'ringfence-inspection-'));
      try {
        return openSync(join(folder, 'bytes'), 'wx+', 0o600);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  /**
   * Makes it as long as the asset, with these stretches of it (everything by default) and zeros elsewhere.
   *
   * @throws {Unreadable} `io` where the disk has no room for it, `bytes-missing`.
   */
  fill(source: ByteSource, stretches: Iterable<Stretch> = [{ offset: 0, length: source.size }]) {
    onDisk(() => {
      ftruncateSync(this.fd, 0);
      ftruncateSync(this.fd, source.size);
    });
    const room = new Uint8Array(Math.min(COPY_BYTES, source.size));
    for (const { offset, length } of stretches) {
      const end = Math.min(offset + length, source.size);
      for (let at = offset; at < end; ) {
        const part = room.subarray(0, Math.min(room.length, end - at));
        source.readInto(at, part);
        at += onDisk(() => writeSync(this.fd, part, 0, part.length, at));
      }
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Unreadable('io', `a file for a foreign program: ${String(cause)}`, { cause });
  }
}
