import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alone, appendAll } from '../../src/archive/append-all.ts';
import { explain } from '../../src/archive/explain.ts';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { ClaimSets } from '../../src/archive/taking/claim-sets.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import { canMakeRows, depositRows, makeRows } from '../support/catalogue-rows.ts';
import { silent } from '../support/silent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROWS = 100_000;

/** Returns how often other work of this process could run meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let waiting = setImmediate(function turn() {
    turns += 1;
    waiting = setImmediate(turn);
  });
  await work();
  clearImmediate(waiting);
  return turns;
}

/** Returns the fewest milliseconds of this thread's processor time that some work takes, of several times. */
function leastCpuMs(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe.skipIf(!canMakeRows)('100,000 catalogue rows (skipped without corpus and python3)', () => {
  it('are deposited, held in custody by one statement, searched and decided', async () => {
    using folder = temporaryFolder();
    const catalogue = makeRows(folder.path, ROWS);
    const home = join(folder.path, 'home');
    await foundArchive(home, { name: 'N', institution: 'N' });
    await using archive = await openArchive(home);
    const { ledger, catalog } = archive;
    const claims = new ClaimSets();
    let some: Cid | undefined;
    for await (const { cid, row } of depositRows(catalogue, archive, undefined)) {
      some = cid;
      claims.addDeclaration(cid, row);
      claims.addCustody(cid, row);
    }
    const before = ledger.size();
    const claimed = [...claims.sayings(archive)];
    expect(claimed.map(({ statement }) => statement.kind)).toEqual(['declaration', 'custody']);
    await appendAll(ledger, alone(claimed));
    expect(ledger.size()).toBe(before + 1);
    await catalog.catchUp();

    expect(await catalog.count({})).toBe(ROWS);
    const found = catalog.list({ text: 'quarry' }, { limit: 10 });
    expect(found.assets.length).toBe(10);
    expect(
      await turnsDuring(() => listAssets.run(archive, { filter: {} }, silent)),
    ).toBeGreaterThan(ROWS / 10_000);
    // Reading the 200,000 statements to find those of a kind takes several times as long.
    for (const kind of ['erasure', 'takedown', 'review', 'release'] as const) {
      expect(leastCpuMs(() => [...catalog.said(kind)])).toBeLessThan(10);
    }
    const at = '2026-11-22T00:00:00Z';
    const question = {
      purpose: 'ai_generative_training',
      policy: 'corroborated',
      requester: 'anyone',
      at,
    } as const;
    const counts = catalog.counts({ is: 'eligible', ...question });
    expect(counts.eligible + counts.hold + counts.ineligible).toBe(ROWS);
    // Generated load data says so itself, custody or not.
    expect(counts.eligible).toBe(0);
    if (some === undefined) throw new Error('no row was read');
    const verdict = explain({ asset: some, ...question }, archive);
    const codes = verdict.gates.flatMap(({ rules }) => rules.flatMap(({ code }) => code ?? []));
    expect(codes).toContain('E_ALGORITHMIC');
  });
});
