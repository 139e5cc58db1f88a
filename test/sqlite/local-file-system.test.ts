import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { assertLocalFileSystem } from '../../src/sqlite/local-file-system.ts';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? '' : ' (skipped: only Linux names its file systems)';

it.skipIf(!isLinux).each([
  ['NFS', 0x6969],
  ['SMB', 0x517b],
  ['SMB2', 0xfe534d42],
  ['CIFS', 0xff534d42],
  ['CIFS', 0xff534d42 | 0],
])(`refuses a folder on %s (%d) with its name${onLinux}`, (name, type) => {
  expect(() => assertLocalFileSystem('/somewhere', () => ({ type }))).toThrow(
    expect.objectContaining({
      code: 'filesystem_unsuitable',
      message: expect.stringContaining(`/somewhere lies on ${name},`),
    }),
  );
});

it('accepts the folder for temporary files', () => {
  assertLocalFileSystem(tmpdir());
});
