import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isJournal } from '../../src/cli/is-journal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('the journal is what systemd names, and nothing that has inherited the name', () => {
  using folder = temporaryFolder();
  const fds = ['journal', 'other'].map((name) => openSync(join(folder.path, name), 'w'));
  const [journal = -1, other = -1] = fds;
  const { dev, ino } = fstatSync(journal);
  const variables = { JOURNAL_STREAM: `${dev}:${ino}` };
  expect([isJournal(journal, variables), isJournal(other, variables)]).toEqual([true, false]);
  expect(isJournal(journal, {})).toBe(false);
  for (const fd of fds) closeSync(fd);
});
