import { mkdtemp, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad } from './load/run-load.ts';

/**
 * A node under load: `npm run bench -- load [SECONDS] [CONNECTIONS] [FILES]` asks it for listings, searches,
 * assets, verdicts, files, ranges and its description from 200 connections for a minute, while it takes in
 * 2,000 files and its partner 2,000 more, whose entries it takes. Prints what came of it and keeps it in
 * `results/load.json`.
 */
const [seconds = 60, connections = 200, ingested = 2000] = process.argv.slice(2).map(Number);
const started = loadavg();
const folder = await mkdtemp(join(tmpdir(), 'ringfence-load-'));
const load = await runLoad(folder, { seconds, connections, ingested });
console.log(load);
const kept = {
  date: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
  load: { before: started[0], after: loadavg()[0] },
  ...{ seconds, connections },
  ...load,
};
const path = new URL('results/load.json', import.meta.url);
await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
