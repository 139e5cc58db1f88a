import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ArchiveError } from '../../src/core/errors.ts';
import { PartsFolder } from '../../src/http/uploads/parts-folder.ts';
import { TakingWhole } from '../../src/http/uploads/taking-whole.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it.each([
  ['goes with what speaks of it', 'digest_mismatch', false],
  ['stays where a file of the node cannot be read', 'file_unreadable', true],
  ['stays where the home is damaged', 'home_corrupt', true],
  ['stays where the home may not write', 'member_missing', true],
] as const)('an upload that was not taken in %s', async (_what, code, stays) => {
  using temporary = temporaryFolder();
  using parts = await PartsFolder.open(temporary.path, 3_600_000);
  const id = 'a'.repeat(48);
  writeFileSync(join(parts.path, id), 'all of it');
  const refuse = () => ({ result: Promise.reject(new ArchiveError(code, 'no')) });
  const said = { name: 'a.txt', collection: 'main', custody: 'false' } as const;
  const catalog = { asset: () => undefined };
  const whole = new TakingWhole(parts, { start: refuse }, catalog);
  const taking = whole.take({ id, size: 9, said });
  await expect(taking).rejects.toMatchObject({ code });
  expect(existsSync(join(parts.path, id))).toBe(stays);
});
