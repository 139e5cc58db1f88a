import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { askNode } from '../../src/http/operations/ask-node.ts';
import type { Held } from './holds/meter.ts';
import { NODE_FLAGS } from './node-flags.ts';
import { fillHome } from './web/fill-home.ts';

/**
 * For how long each question holds the event loop of a node: `npm run bench -- holds [HOME]` starts a node over a home
 * that no other has open, or over 100,000 rows of a made-up catalogue, asks through its socket, and keeps the figures
 * in `results/holds.json`.
 */
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const METER = new URL('holds/meter.ts', import.meta.url).href;
const ASKED = { purpose: 'ai_generative_training', policy: 'corroborated', requester: 'anyone' };
const [given] = process.argv.slice(2);
const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-holds-'));
try {
  const home = given ?? join(folder, 'home');
  if (given === undefined) await fillHome(folder, home, 100_000);
  const node = fork(MAIN, ['--home', home, '--json', 'serve'], {
    execArgv: [...NODE_FLAGS, '--import', METER],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (node.stdout === null) throw new Error('the node has no output');
  const lines = createInterface({ input: node.stdout });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => JSON.parse(line).event === 'started' && resolve());
  });
  const heard = async (): Promise<Held> => {
    const told = once(node, 'message');
    node.send('held');
    return (await told)[0];
  };
  const ask = async (name: string, input: unknown) => {
    const items: unknown[] = [];
    const item = async (one: unknown) => void (items.length < 2 && items.push(one));
    const signal = AbortSignal.timeout(600_000);
    const asked = await askNode(home, name, input, { signal, progress() {}, notice() {}, item });
    return { result: asked?.result, items };
  };
  const { items } = await ask('list', { filter: {}, limit: 1 });
  const [{ cid: asset }] = items as [{ readonly cid: string }];
  const found = { filter: { text: 'print' }, limit: 50, isCounted: true };
  const questions: readonly (readonly [string, unknown])[] = [
    ['status', ASKED],
    ['list', found],
    ['list', { filter: {}, limit: 50, isCounted: true, skip: 90_000 }],
    ['list', { ...found, by: 'work', standing: { ...ASKED, is: 'hold' } }],
    ['facets', { filter: {}, standing: ASKED }],
    ['facets', { filter: { text: 'print' }, standing: ASKED }],
    ['what-if', { ...ASKED, other: 'gold' }],
    ['review.queue', {}],
    ['stop.list', { kind: 'dispute', all: true }],
    ['log.list', { limit: 50 }],
    ['history', { asset }],
    ['explain', { asset, ...ASKED }],
    ['alike', { asset }],
    ['proof', { asset }],
    ['replicate.status', { policy: 'corroborated', isKept: true }],
    ['replicate.status', { policy: 'corroborated', isKept: true }],
    ['release.plan', { ...ASKED, filter: {}, seed: '1' }],
    ['fixity', { isEverything: false }],
    ['reindex', {}],
  ];
  const before = loadavg()[0];
  const figures = [];
  for (const [operation, input] of questions) {
    await heard();
    const began = performance.now();
    await ask(operation, input);
    const tookMs = performance.now() - began;
    const whole = Object.entries({ tookMs, ...(await heard()) });
    figures.push({
      operation,
      input: JSON.stringify(input).slice(0, 60),
      ...Object.fromEntries(whole.map(([name, ms]) => [name, Math.round(ms)])),
    });
  }
  console.table(figures);
  node.kill('SIGTERM');
  await once(node, 'exit');
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const load = { before, after: loadavg()[0] };
  const kept = { date: new Date().toISOString(), machine, load, figures };
  const path = new URL('results/holds.json', import.meta.url);
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
