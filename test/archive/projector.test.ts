import { expect, it } from 'vitest';
import { Projector } from '../../src/archive/projector.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { LogLine } from '../../src/core/ports/log.ts';

/** A catalog that takes its time: each projection ends when the test says so. */
function slowCatalog() {
  const waiting: PromiseWithResolvers<number>[] = [];
  const catalog = {
    catchUp({ signal }: { readonly signal?: AbortSignal } = {}) {
      const next = Promise.withResolvers<number>();
      signal?.addEventListener('abort', () => next.reject(signal.reason));
      waiting.push(next);
      return next.promise;
    },
  };
  return { catalog, waiting };
}

it('projects once more after all the news that came meanwhile', async () => {
  const { catalog, waiting } = slowCatalog();
  await using projector = new Projector(catalog, () => {});
  for (let news = 0; news < 10; news += 1) projector.news();
  expect(waiting).toHaveLength(1);
  for (let news = 0; news < 10; news += 1) projector.news();
  waiting[0]?.resolve(1);
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.resolve(1);
  await projector.settled();
  expect(waiting).toHaveLength(2);
});

it('logs a failure, and tries again with the next news', async () => {
  const { catalog, waiting } = slowCatalog();
  const log: LogLine[] = [];
  await using projector = new Projector(catalog, (line) => log.push(line));
  projector.news();
  waiting[0]?.reject(new ArchiveError('disk_full', 'the disk is full'));
  await projector.settled();
  expect(log).toMatchObject([
    { level: 'error', event: 'projection', text: expect.stringContaining('the disk is full') },
  ]);
  projector.news();
  waiting[1]?.resolve(1);
  await projector.settled();
  expect(log).toHaveLength(1);
});

it('stops when it is disposed, and says nothing of it', async () => {
  const { catalog, waiting } = slowCatalog();
  const log: LogLine[] = [];
  const projector = new Projector(catalog, (line) => log.push(line));
  projector.news();
  await projector[Symbol.asyncDispose]();
  projector.news();
  expect(waiting).toHaveLength(1);
  expect(log).toEqual([]);
});
