import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runLoad } from '../../scripts/bench/load/run-load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('answers every reader while files go in and a partner’s entries are taken, in bounded memory', async () => {
  using folder = temporaryFolder();
  const options = { seconds: 10, connections: 50, ingested: 200 };
  const load = await runLoad(join(folder.path, 'load'), options);
  expect(load).toMatchObject({ failed: 0, refused: {}, ingested: 200 });
  expect(load.requests).toBeGreaterThan(0);
  // What a garbage collector may leave lying, and not what each request would leave.
  expect(load.memory.most - (load.memory.everyTenSeconds[0] ?? 0)).toBeLessThan(300);
});
