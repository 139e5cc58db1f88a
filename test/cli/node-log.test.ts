import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('../support/children/log-much.ts', import.meta.url));

/** Logs 50,000 lines of 250 bytes. */
function startLogging(): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'pipe'] });
}

describe('the log of a node', () => {
  it('waits for no slow reader, keeps little for it, and says how much it has left out', async () => {
    const child = startLogging();
    const ended = once(child, 'exit');
    // Nobody reads stdout until all has been logged.
    const [grown] = await once(child.stderr.setEncoding('utf8'), 'data');
    expect(Number(grown)).toBeLessThan(64 * 1_048_576);
    const lines: { event: string; text: string; time: string; level: string }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.event === 'log') child.stdin.end();
    }
    expect(await ended).toEqual([0, null]);
    const logged = lines.filter(({ event }) => event === 'test');
    expect(logged.length).toBeGreaterThan(1000);
    expect(logged.length).toBeLessThan(20_000);
    expect(logged[0]).toMatchObject({ level: 'note', at: 0 });
    expect(logged[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const [told, ...more] = lines.filter(({ event }) => event === 'log');
    expect(more).toEqual([]);
    expect(logged.length + Number.parseInt(told?.text ?? '', 10)).toBe(50_000);
    expect(lines.at(-1)).toMatchObject({ event: 'last', text: 'the end' });
  });

  it('keeps nobody from ending who has no reader', async () => {
    const child = startLogging();
    await once(child.stderr, 'data');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('goes on when its reader has gone away', async () => {
    const child = startLogging();
    child.stdout.destroy();
    await once(child.stderr, 'data');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
