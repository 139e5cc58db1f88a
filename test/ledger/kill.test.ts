import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { appendOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { killedChild } from '../support/killed-child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testHome } from '../support/test-home.ts';

const seed = process.env['RINGFENCE_SEED'] ?? '1';
const rounds = Number(process.env['RINGFENCE_KILLS'] ?? 3);

it(`loses nothing it has acknowledged when it is killed while it appends (seed ${seed})`, async () => {
  const random = seededBytes(`kill ${seed}`);
  using home = await testHome();
  const { path, keyPath } = home.options;
  for (let round = 0; round < rounds; round++) {
    const acknowledged = 3 + ((random(1)[0] ?? 0) % 20);
    const lines = await killedChild('append.ts', [path, keyPath], async ({ lines, written }) => {
      while (lines().length < acknowledged) await written();
      // Somewhere within what comes next: preparing, signing, writing or between.
      await setTimeout((random(1)[0] ?? 0) / 16);
    });
    expect(lines.length).toBeGreaterThanOrEqual(acknowledged);
    await using ledger = await home.open();
    const hashes: string[] = [];
    for await (const { entry, void: voided } of ledger.arrivals(0)) {
      expect(voided).toEqual([]);
      hashes.push(entry);
    }
    for (const line of lines) {
      const [arrival, hash] = line.split(' ');
      expect(hashes[Number(arrival)], `round ${round}: ${line}`).toBe(hash);
    }
    for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
    expect(ledger.forks()).toEqual([]);
    expect((await ledger.append(appendOf(`after ${round}`))).arrival).toBe(hashes.length);
  }
});

it(`leaves no archive or a whole one when it is killed while it founds (seed ${seed})`, async () => {
  const random = seededBytes(`found ${seed}`);
  for (let round = 0; round < rounds; round++) {
    using folder = temporaryFolder();
    const home = {
      path: join(folder.path, 'home', 'ledger.db'),
      keyPath: join(folder.path, 'home', 'home.pem'),
      clock: fixedClock,
      randomBytes: seededBytes('again'),
    };
    const [, address] = await killedChild(
      'found.ts',
      [home.path, home.keyPath],
      async ({ lines, written }) => {
        while (lines().length < 1) await written();
        await setTimeout((random(1)[0] ?? 0) / 2);
      },
      true,
    );
    if (address === undefined) {
      // It may have been killed after the archive was whole and before it could say so.
      await foundLedger({ ...home, name: 'Prints' }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'home_exists' });
      });
    }
    await using ledger = await openLedger(home);
    if (address !== undefined) expect(ledger.address).toBe(address);
    expect(ledger.size()).toBe(1);
    for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
  }
});
