import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import type { Ledger } from '../../src/core/ports/ledger.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { AT, assetOf, deposits, digest, disputeOf, range } from './catalog/made-up-assets.ts';

/**
 * How many assets are decided again in a second: when something is said of a set that they are in, when
 * something is said of each, and when everything is asked under another policy. `npm run bench --
 * redecide [--assets 100000]` prints a table and keeps it in `results/redecide.json`.
 */

const PER_ENTRY = 500;
const QUESTION = { purpose: 'ai_generative_training', requester: 'anyone', at: AT } as const;

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const count = Number(values.assets);
const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
try {
  const home = {
    path: join(folder, 'ledger.db'),
    keyPath: join(folder, 'key.pem'),
    clock: Date.now,
    randomBytes: (length: number) => digest(`random ${length}`).slice(0, length),
  };
  await foundLedger({ ...home, name: 'Bench', institution: 'Bench' });
  await using ledger = await openLedger(home);
  for (let start = 0; start < count; start += PER_ENTRY) {
    await ledger.append(deposits(start, Math.min(count, start + PER_ENTRY)));
  }
  await using catalog = openCatalog({ path: join(folder, 'catalog.db'), ledger });
  await catalog.catchUp();
  const rows = await redecided(ledger, catalog);
  console.table(rows);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const result = { at: new Date().toISOString(), machine, load: loadavg()[0], rows };
  const kept = new URL('results/redecide.json', import.meta.url);
  await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function redecided(ledger: Ledger, catalog: Catalog): Promise<readonly object[]> {
  const set = createSet(range(0, count).map(assetOf), sha256);
  const hold = { reason: 'bench', source: 'steward', deadline: null, record: null } as const;
  const { ids } = await ledger.append({
    statements: [createStatement('hold', { set: set.cid }, AT, hold)],
    records: [],
    documents: set.blocks,
  });
  const rows = [await rate('a hold on their set', () => catalog.catchUp())];
  expectHeld(catalog, true);
  const lifted = { of: [...ids], outcome: 'lifted', record: null } as const;
  await append(ledger, [
    createStatement('resolution', { set: set.cid }, AT, { ...lifted, of: [...ids] }),
  ]);
  rows.push(await rate('the end of that hold', () => catalog.catchUp()));
  expectHeld(catalog, false);
  for (let start = 0; start < count; start += PER_ENTRY) {
    const disputed = range(start, Math.min(count, start + PER_ENTRY));
    await append(
      ledger,
      disputed.map((number) => disputeOf(assetOf(number))),
    );
  }
  rows.push(await rate('a dispute of each', () => catalog.catchUp()));
  rows.push(
    await rate('a question under another policy', async () => {
      const {
        eligible,
        hold: held,
        ineligible,
      } = catalog.counts({
        ...{ is: 'eligible', policy: 'gold' },
        ...QUESTION,
      });
      if (eligible + held + ineligible !== count) throw new Error('not every asset was decided');
    }),
  );
  return rows;
}

function append(ledger: Ledger, statements: readonly StatementOutline[]) {
  return ledger.append({ statements: [...statements], records: [], documents: [] });
}

/** Sees to it that what is measured was done. */
function expectHeld(catalog: Catalog, expected: boolean): void {
  const stops = catalog.abstraction(assetOf(count - 1))?.input.stops ?? [];
  const isHeld = stops.some(({ endedBy }) => endedBy.length === 0);
  if (isHeld !== expected) throw new Error(`held: ${isHeld}, where it should be ${expected}`);
}

async function rate(what: string, work: () => Promise<unknown>) {
  const usage = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(usage);
  return {
    what,
    assets: count,
    seconds: Math.round(ms / 10) / 100,
    assetsPerSecond: Math.round((count * 1000) / ms),
    assetsPerCpuSecond: Math.round((count * 1_000_000) / (user + system)),
  };
}
