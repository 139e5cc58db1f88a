import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CopyHistoryFile } from '../../../src/compose/files/copy-history-file.ts';
import { signerOf } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { did } = signerOf('a');
const AT = '2026-04-01T12:00:00Z';
const sampleAt = (at: string) => ({
  ...{ did, at, connected: false, toTake: null, toGive: null, wanted: 3, proven: 2, lost: 1 },
});

it('how partners stood is read again as it was written, by its owner alone', async () => {
  using temporary = temporaryFolder();
  const path = join(temporary.path, 'copy-history.json');
  const history = new CopyHistoryFile(path);
  const [first, second] = [sampleAt('2026-04-01T10:00:00Z'), sampleAt('2026-04-01T11:00:00Z')];
  await Promise.all([history.add([first], AT), history.add([second], AT)]);
  expect(history.read()).toEqual([first, second]);
  expect(new CopyHistoryFile(path).read()).toEqual([first, second]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a file that cannot be used is begun anew', async () => {
  using temporary = temporaryFolder();
  const path = join(temporary.path, 'copy-history.json');
  for (const text of ['', '{', '[]', '{"samples":[["did:key:no"]]}', '{"samples":[],"x":1}']) {
    writeFileSync(path, text);
    const history = new CopyHistoryFile(path);
    expect(history.read()).toEqual([]);
    await history.add([sampleAt('2026-04-01T10:00:00Z')], AT);
    expect(JSON.parse(readFileSync(path, 'utf8')).samples).toHaveLength(1);
  }
});

it('what could not be written is not shown, and the next is', async () => {
  using temporary = temporaryFolder();
  const path = join(temporary.path, 'gone', 'copy-history.json');
  const history = new CopyHistoryFile(path);
  const failing = history.add([sampleAt('2026-04-01T10:00:00Z')], AT);
  await expect(failing).rejects.toMatchObject({ code: 'file_unreadable' });
  expect(history.read()).toEqual([]);
});
