import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openHosts, whyNoHosts } from '../support/namespaces.ts';

const ECHO = `require('node:net').createServer((socket) => socket.pipe(socket))
  .listen(4001, () => console.log('listens'))`;

/** Prints how many milliseconds it took to connect and to hear one byte back, or that it gave up. */
const CALL = `const start = performance.now();
const socket = require('node:net').connect(4001, process.argv[1], () => socket.write('?'));
socket.once('data', () => { console.log(performance.now() - start); socket.destroy(); });
socket.setTimeout(2_000, () => { console.log('silence'); socket.destroy(); });`;

it.skipIf(whyNoHosts() !== '').each(['bbr', 'cubic'] as const)(
  `puts hosts at a distance from each other, and cuts one off, under %s${whyNoHosts()}`,
  async (congestion) => {
    await using line = await openHosts({ count: 2, lossPercent: 0, congestion });
    const [a, b] = line.hosts;
    if (a === undefined || b === undefined) throw new Error('there are two hosts');
    const run = ([program = '', ...args]: readonly string[], script: string) =>
      spawn(program, [...args, process.execPath, '-e', script, a.address], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const echo = run(a.prefix, ECHO);
    await using _ending = { [Symbol.asyncDispose]: async () => void echo.kill('SIGKILL') };
    await once(echo.stdout, 'data');
    const call = async () => String(await once(run(b.prefix, CALL).stdout, 'data')).trim();
    // One round trip to connect, one for the byte.
    expect(Number(await call())).toBeGreaterThanOrEqual(100);
    await b.cutOff();
    expect(await call()).toBe('silence');
    await b.mend();
    expect(Number(await call())).toBeGreaterThanOrEqual(100);
  },
);
