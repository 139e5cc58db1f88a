import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFully } from '../../../src/content/packs/write-fully.ts';
import { smallDisk, whyNoDisk } from '../../support/small-disk.ts';

const skipped = whyNoDisk('tmpfs');

it.skipIf(skipped !== '')(
  `fails where the system took only some of the bytes before the disk was full${skipped}`,
  async () => {
    using disk = smallDisk();
    const path = join(disk.path, 'file');
    const fd = openSync(path, 'w');
    try {
      // Not in whole writes: the last one that succeeds is cut short.
      await writeFully(fd, Buffer.alloc(1_000), 0);
      const writing = writeFully(fd, Buffer.alloc(64 * 1_048_576), 1_000);
      await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
      expect((statSync(path).size - 1_000) % 1_048_576).toBeGreaterThan(0);
    } finally {
      closeSync(fd);
    }
  },
);
