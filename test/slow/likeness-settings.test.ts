import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, runCommand } from '../support/command.ts';
import { picture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const path = (name: string) => join(folder.path, name);

/** A home that takes for alike only what has the very same codes. */
const STRICT = Object.fromEntries(
  ['SAME__PDQ', 'SAME__IMAGE', 'RELATED__PDQ', 'RELATED__IMAGE'].map((name) => [
    `RINGFENCE_LIKENESS__PICTURE__${name}`,
    '0',
  ]),
);

async function ringfence(env: Readonly<Record<string, string>>, ...args: string[]) {
  const ran = await runCommand([...args, '--json', '--home', path('home')], { env });
  expect(ran.status, ran.stderr + ran.stdout).toBe(EXIT.done);
  return documents(ran) as Record<string, unknown>[];
}

it('holds what is as near to a registered work as the settings of the home say', async () => {
  await picture(1).png().toFile(path('generated.png'));
  await picture(1).resize(120).jpeg({ quality: 60 }).toFile(path('copy.jpg'));
  await ringfence({}, 'init', '--name', 'Prints');
  await ringfence({}, 'synthetic', 'add', path('generated.png'), '--generator', 'comfyui');
  const taken = await ringfence(STRICT, 'ingest', path('copy.jpg'));
  expect(taken.filter(({ event }) => event === 'match')).toEqual([]);
  const [strict] = await ringfence(STRICT, 'synthetic', 'scan');
  expect(strict).toMatchObject({ compared: 1, held: 0 });
  const [match] = await ringfence({}, 'synthetic', 'scan');
  expect(match).toMatchObject({ event: 'match', likeness: 'same' });
});
