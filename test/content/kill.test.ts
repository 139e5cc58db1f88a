import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parseCid } from '../../src/core/cid.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

const ROUNDS = 8;
const script = new URL('./writing-process.ts', import.meta.url).pathname;

/** Lets a process store and destroy files and kills it; returns what it said. */
async function writeAndKill(folder: string, seed: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, folder, seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child.stdout, 'data');
  // Not a wait for anything: the instant of the kill is what is being varied.
  await setTimeout(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  const [open, ...lines] = said.split('\n').slice(0, -1);
  expect(open).toBe('open');
  return lines;
}

it(`loses nothing acknowledged, and gives nothing destroyed back, when it is killed at ${ROUNDS} random instants`, async () => {
  using folder = temporaryFolder();
  const seed = String(randomInt(1_000_000));
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const afterMs = randomInt(400);
    const context = `seed ${seed}, round ${round}, killed after ${afterMs} ms`;
    const words = new Map<string, string>();
    const destroyed = new Set<string>();
    for (const line of await writeAndKill(folder.path, `${seed} ${round}`, afterMs)) {
      const [what = '', cid = '', word = ''] = line.split(' ');
      if (what === '-') words.set(cid, word);
      else if (what === '!') destroyed.add(cid);
      else acknowledged.add(what);
    }
    for (const cid of words.keys()) acknowledged.delete(cid);
    const packs = readdirSync(join(folder.path, 'packs')).filter((name) => name.endsWith('.car'));
    const last = packs.sort().at(-1);
    if (round % 3 === 1 && last) appendFileSync(join(folder.path, 'packs', last), 'torn write');
    await using store = await openStore(folder.path);
    expect(store.damage, context).toEqual([]);
    expect(await Array.fromAsync(store.verify()), context).toEqual([]);
    const held = store.packs().map(({ path }) => readFileSync(path));
    for (const [cid, word] of words) {
      // One whose destruction was cut short is here, or it is nowhere.
      const isHere = await store.has(parseCid(cid));
      if (destroyed.has(cid)) expect(isHere, `${context}: ${cid}`).toBe(false);
      const isInPacks = held.some((bytes) => bytes.includes(Buffer.from(word, 'hex')));
      expect(isInPacks, `${context}: ${cid}`).toBe(isHere);
    }
    for (const cid of acknowledged) {
      expect(await store.stat(parseCid(cid)), `${context}: ${cid}`).toBeDefined();
    }
  }
  expect(acknowledged.size, `seed ${seed}`).toBeGreaterThan(0);
});
