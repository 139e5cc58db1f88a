import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Way } from './way.ts';

/** In which /proc counts. */
const TICKS_PER_SECOND = 100;

/** The daemon of rsync as it comes, which syncs nothing. */
export const rsync: Way = {
  async serve(folder, address) {
    const port = await freePort(address);
    const config = join(tmpdir(), `ringfence-rsync-${process.pid}.conf`);
    const uid = userInfo().uid === 0 ? 'uid = root\ngid = root\n' : '';
    const module = `[files]\npath = ${join(folder, 'files')}\n`;
    writeFileSync(config, `use chroot = no\nlog file = /dev/null\n${uid}${module}`);
    const daemon = spawn(
      'rsync',
      ['--daemon', '--no-detach', `--config=${config}`, `--address=${address}`, `--port=${port}`],
      { stdio: 'inherit' },
    );
    await untilListening(address, port);
    return {
      place: `rsync://${address}:${port}/files/`,
      end: async () => {
        const cpuSeconds = cpuSecondsOf(daemon);
        daemon.kill();
        await once(daemon, 'exit');
        return cpuSeconds;
      },
    };
  },

  async fetch(folder, place) {
    const began = performance.now();
    // The shell waits at its end, so that what its children took can be read.
    const script = 'rsync -r "$1" "$2" && echo done && read -r';
    const shell = spawn('bash', ['-c', script, '-', place, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(shell.stdout, 'data');
    const seconds = (performance.now() - began) / 1000;
    const cpuSeconds = cpuSecondsOf(shell);
    shell.stdin.end('\n');
    return { seconds, cpuSeconds };
  },
};

/** What the process and its children that have ended took: fields 14 to 17 of proc_pid_stat(5). */
function cpuSecondsOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS_PER_SECOND;
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return bound !== null && typeof bound === 'object' ? bound.port : 0;
}

async function untilListening(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = createConnection({ host, port });
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
}
