import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GivenAnswers } from '../../../src/http/operations/given-answers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const REQUEST = { caller: { kind: 'owner' }, digest: 'd', tellsSecret: false } as const;

class Asking implements Disposable {
  readonly #temporary = temporaryFolder();
  readonly folder = join(this.#temporary.path, 'answers');
  /** How often it was done. */
  done = 0;

  open(): Promise<GivenAnswers> {
    return GivenAnswers.open(this.#temporary.path);
  }

  ask(answers: GivenAnswers, key: string, meanwhile = () => {}) {
    return answers.once({ ...REQUEST, key }, async () => {
      this.done += 1;
      meanwhile();
      return { status: 200, headers: {}, body: `${this.done}` };
    });
  }

  [Symbol.dispose](): void {
    this.#temporary[Symbol.dispose]();
  }
}

it('a request is not done again because what is kept of it cannot be read', async () => {
  using asking = new Asking();
  using answers = await asking.open();
  await asking.ask(answers, 'one');
  const [name = ''] = readdirSync(asking.folder);
  writeFileSync(join(asking.folder, name), '{"request":');
  await expect(asking.ask(answers, 'one')).rejects.toMatchObject({ code: 'idempotency_unsettled' });
  rmSync(join(asking.folder, name));
  mkdirSync(join(asking.folder, name));
  await expect(asking.ask(answers, 'one')).rejects.toMatchObject({ code: 'file_unreadable' });
  expect(asking.done).toBe(1);
});

it('a request that was done is answered though its answer cannot be kept, and is done once', async () => {
  using asking = new Asking();
  using answers = await asking.open();
  const given = await asking.ask(answers, 'one', () => {
    const [name = ''] = readdirSync(asking.folder);
    mkdirSync(join(asking.folder, `${name}.new`));
  });
  expect(given.body).toBe('1');
  await expect(asking.ask(answers, 'one')).rejects.toMatchObject({ code: 'idempotency_unsettled' });
});

it('a request is not done where it cannot be written down that it was begun', async () => {
  using asking = new Asking();
  using answers = await asking.open();
  rmSync(asking.folder, { recursive: true });
  await expect(asking.ask(answers, 'one')).rejects.toMatchObject({ code: 'file_unreadable' });
  mkdirSync(asking.folder);
  expect((await asking.ask(answers, 'one')).body).toBe('1');
});

it('what a killed node was writing is removed, and what is a day old', async () => {
  using asking = new Asking();
  {
    using answers = await asking.open();
    await asking.ask(answers, 'old');
    const [old = ''] = readdirSync(asking.folder);
    const before = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(asking.folder, old), before, before);
    await asking.ask(answers, 'young');
    writeFileSync(join(asking.folder, `${old}.new`), '');
  }
  using answers = await asking.open();
  expect(readdirSync(asking.folder)).toHaveLength(1);
  expect((await asking.ask(answers, 'young')).body).toBe('2');
  expect((await asking.ask(answers, 'old')).body).toBe('3');
});

it('a caller has 1,024 answers kept, and takes none from others', async () => {
  using asking = new Asking();
  {
    using answers = await asking.open();
    await asking.ask(answers, 'first');
    const [name = ''] = readdirSync(asking.folder);
    for (let at = 1; at < 1024; at += 1) {
      writeFileSync(join(asking.folder, name.slice(0, -4) + String(at).padStart(4, 'x')), '');
    }
  }
  using answers = await asking.open();
  await expect(asking.ask(answers, 'more')).rejects.toMatchObject({ code: 'busy' });
  const other = { ...REQUEST, key: 'more', caller: { kind: 'anonymous' } } as const;
  const answer = { status: 200, headers: {}, body: '' };
  expect(await answers.once(other, async () => answer)).toEqual(answer);
});
