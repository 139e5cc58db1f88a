import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { restoreHome } from '../../src/compose/backups/restore-home.ts';
import { openStores } from '../../src/compose/open-archive.ts';
import { foundHome, openSmallHome, PASSPHRASE } from '../support/backup-home.ts';
import { killedChild } from '../support/killed-child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Whole numbers below `below`, the same for the same seed. */
function random(below: number, turn: number): number {
  return (((SEED + turn) * 2_654_435_761) >>> 8) % below;
}

const KILLS = 3;

it(`leaves the last finished backup whole, killed at any time (seed ${SEED})`, async () => {
  using folder = temporaryFolder();
  const home = await foundHome(folder.path);
  const out = join(folder.path, 'backup');
  for (let turn = 0; turn < KILLS; turn++) {
    const lines = await killedChild('move.ts', ['back-up', home, out, `${turn}`], async (child) => {
      while (child.lines().length < 1) await child.written();
      await setTimeout(random(1_500, turn));
    });
    const check = await verifyBackup(out);
    expect(check.problems).toEqual([]);
    expect(check.entries).toBeGreaterThanOrEqual(Number(lines.at(-1)));
  }
  const copy = join(folder.path, 'copy');
  await restoreHome(copy, { from: out, passphrase: PASSPHRASE, isAlone: true });
  await using stores = await openStores(copy);
  for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
  for await (const problem of stores.content.verify()) expect(problem).toBeUndefined();
});

it(`restores a home that was killed while it was restored (seed ${SEED})`, async () => {
  using folder = temporaryFolder();
  const home = await foundHome(folder.path);
  const out = join(folder.path, 'backup');
  let size = 0;
  {
    await using opened = await openSmallHome(home);
    await opened.fill(Array.from({ length: 30 }, (_, i) => `${i}`));
    await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    size = opened.ledger.size();
  }
  for (let turn = 0; turn < KILLS; turn++) {
    const to = join(folder.path, `turn-${turn}`);
    const lines = await killedChild('move.ts', ['restore', out, to], async (child) => {
      while (child.lines().length < 1) await child.written();
      await setTimeout(random(1_200, turn));
    });
    const killed = lines.at(-1) ?? '';
    const options = { from: out, passphrase: PASSPHRASE, isAlone: false };
    const again = await restoreHome(killed, options).catch((error: { code: string }) => error.code);
    if (typeof again === 'string') expect(again).toBe('home_exists');
    await using stores = await openStores(killed);
    expect(stores.ledger.size()).toBe(size);
    expect(stores.ledger.isWaiting).toBe(true);
    for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
    for await (const problem of stores.content.verify()) expect(problem).toBeUndefined();
  }
});
