import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ObjectionFiles } from '../../../src/compose/files/objection-files.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { Objection } from '../../../src/core/ports/objections.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const asset = 'bafkreif7imoi37gsltbzq6qvcz7cj6zqsmpy6wpmxs27fma52t6bp7mm6m' as Cid;
const objection: Objection = {
  ...{ id: 'obj_0123456789abcdef', receipt: '0'.repeat(64), asset, reason: 'other' },
  ...{ text: 'my words', at: '2026-01-01T00:00:00Z', deadline: '2026-01-31T00:00:00Z' },
  ...{ answer: null, stop: null },
};

it('objections are changed one after another, each by what the one before has left', async () => {
  using temporary = temporaryFolder();
  const files = new ObjectionFiles(temporary.path);
  await files.add(objection);
  const append = (letter: string) =>
    files.change(objection.id, async (now) => now && { ...now, text: now.text + letter });
  const failing = files.change(objection.id, async () => Promise.reject(new Error('no')));
  await Promise.all([append('a'), append('b'), expect(failing).rejects.toThrow('no'), append('c')]);
  expect(new ObjectionFiles(temporary.path).list()).toMatchObject([{ text: 'my wordsabc' }]);
  await files.change(objection.id, async () => undefined);
  expect(readdirSync(temporary.path)).toEqual([]);
});

it('what was being written when a node was killed is deleted', async () => {
  using temporary = temporaryFolder();
  await new ObjectionFiles(temporary.path).add(objection);
  writeFileSync(join(temporary.path, `${objection.id}.json.new`), '{"text":"my w');
  expect(new ObjectionFiles(temporary.path).list()).toEqual([objection]);
  expect(readdirSync(temporary.path)).toEqual([`${objection.id}.json`]);
});
