import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { FEED } from '../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../src/replica/feed/serve-feed.ts';
import { appendOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { pemOf } from '../support/keys.ts';
import { openReplica, testArchive } from '../support/ledger-archive.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('../support/children/pull.ts', import.meta.url));
const seed = process.env['RINGFENCE_SEED'] ?? '1';

it(`a pull that is killed anywhere goes on from there (seed ${seed})`, async () => {
  const archive = testArchive('ana', 'ben');
  using folder = temporaryFolder();
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using network = await openLoopbackNetwork('ana');
  network.handle(FEED, serveFeed({ feed: ana.feed, mayHave: () => () => true }));
  {
    await using _ben = await openReplica(archive, folder.path, 'ben');
  }
  const path = join(folder.path, 'ben.db');
  const keyPath = join(folder.path, 'ben.pem');
  writeFileSync(keyPath, pemOf('ben'), { mode: 0o600 });
  const random = seededBytes(`kills ${seed}`);
  let appended = 0;
  let kills = 0;
  let size = 1;
  while (kills < 40) {
    const more = kills % 8 === 0 ? 1_500 : 60;
    for (let i = 0; i < more; i++) await ana.append(appendOf(`asset ${appended++}`));
    const child = spawn(process.execPath, [CHILD, path, keyPath, network.addresses[0] ?? '']);
    const [bytes] = random(1);
    const timer = setTimeout(() => child.kill('SIGKILL'), 150 + (bytes ?? 0) * 3);
    const [, signal] = await once(child, 'exit');
    clearTimeout(timer);
    if (signal === 'SIGKILL') kills += 1;
    await using ben = await openLedger({
      ...{ path, keyPath, clock: fixedClock },
      randomBytes: seededBytes(`ben ${kills}`),
    });
    const taken = ben.feeds.newestFeed(ana.feed.did)?.taken.size ?? 0;
    expect(ben.size()).toBeGreaterThanOrEqual(size);
    expect(taken === 0 ? 1 : taken).toBe(ben.size());
    size = ben.size();
    for await (const problem of ben.verify()) expect(problem).toBeUndefined();
  }
  const child = spawn(process.execPath, [CHILD, path, keyPath, network.addresses[0] ?? '']);
  expect((await once(child, 'exit'))[0]).toBe(0);
  await using ben = await openLedger({
    ...{ path, keyPath, clock: fixedClock },
    randomBytes: seededBytes('ben'),
  });
  expect(ben.feed.leaves(0, 1e6)).toEqual(ana.feed.leaves(0, 1e6));
}, 600_000);
