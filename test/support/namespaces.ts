import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from './temporary-folder.ts';

/** A small switch in user space that delays and loses frames: this kernel may have no netem. */
const LINKEM = resolve(process.env['RINGFENCE_LINKEM'] ?? '../shared/tools/linkem.c');

const NETWORK = '10.77.0';

/** Node has no datagram sockets of Unix. */
const SEND = `import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])`;

/** Waits until nobody holds its input any more, then ends what runs on the hosts, and the hosts. */
const CLEAN_UP = `cat
for host; do
  ip netns pids "$host" | xargs -r kill -9
  ip netns del "$host"
done`;

export interface LineOptions {
  /** How many hosts there are; three by default. */
  readonly count?: number;
  /** Milliseconds from any host to any other and back; 50 by default. */
  readonly roundTripMs?: number;
  /** How much of what one host sends to another is lost, in percent; 1 by default. */
  readonly lossPercent?: number;
  readonly congestion: 'bbr' | 'cubic';
  /** Of what the losses are chosen by. */
  readonly seed?: number;
}

/** A host with a network of its own. */
interface Host {
  readonly address: string;
  /** What comes before the words of a command that is to run there. */
  readonly prefix: readonly string[];
  /** Cuts the host off from all others: what it sends and what is sent to it is lost. */
  cutOff(): Promise<void>;
  /** Puts it back on the line. */
  mend(): Promise<void>;
}

/** Hosts on one switch. They and what runs on them are gone when it is disposed, or this process has ended. */
export interface Hosts extends AsyncDisposable {
  readonly hosts: readonly Host[];
}

/** What the title of a test says where hosts cannot be made; empty where they can. */
export function whyNoHosts(): string {
  if (!existsSync(LINKEM)) return ' (skipped: needs linkem.c, see RINGFENCE_LINKEM)';
  if (process.getuid?.() !== 0) return ' (skipped: only root on Linux makes network namespaces)';
  const lacking = ['ip', 'gcc', 'python3'].filter((name) => !isProgram(name));
  if (lacking.length > 0) return ` (skipped: needs ${lacking.join(', ')})`;
  return existsSync('/dev/net/tun') ? '' : ' (skipped: needs /dev/net/tun)';
}

function isProgram(name: string): boolean {
  const flag = name === 'ip' ? '-V' : '--version';
  return spawnSync(name, [flag], { stdio: 'ignore' }).status === 0;
}

/** Makes hosts that reach each other over one slow and lossy line, and nobody else. */
export async function openHosts(options: LineOptions): Promise<Hosts> {
  const { count = 3, roundTripMs = 50, lossPercent = 1, congestion, seed = 1 } = options;
  const names = Array.from({ length: count }, (_, i) => `ringfence-${process.pid}-${i + 1}`);
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(temporaryFolder()).path;
  const program = join(folder, 'linkem');
  execFileSync('gcc', ['-O2', '-w', '-o', program, LINKEM]);
  opened.use(cleanUpAfter(names));
  for (const name of names) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  // What goes from one host to another passes two ports, there and back again.
  const port = `eth0:${roundTripMs / 4}:${lossPercent / 2}:0`;
  const control = join(folder, 'control');
  const emulator = spawn(program, [control, ...names.map((name) => `${name}:${port}`)], {
    env: { ...process.env, LINKEM_SEED: String(seed) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = emulator;
  await Promise.race([once(stdout, 'data'), ended(emulator)]);
  stdout.resume();
  for (const [i, name] of names.entries()) {
    ip('-n', name, 'addr', 'add', `${NETWORK}.${i + 1}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'txqueuelen', '10000', 'up');
    const route = [`${NETWORK}.0/24`, 'dev', 'eth0', 'congctl', congestion];
    ip('-n', name, 'route', 'replace', ...route);
  }
  const states = createInterface({ input: stderr });
  const lose = async (name: string, percent: number) => {
    const isSet = new Promise<void>((done) => {
      const look = (state: string) => {
        if (!state.startsWith(`${name} `) || !state.includes(` loss=${percent} `)) return;
        states.off('line', look);
        done();
      };
      states.on('line', look);
    });
    execFileSync('python3', ['-c', SEND, control, `${name} loss ${percent}`]);
    await isSet;
  };
  const running = opened.move();
  return {
    hosts: names.map((name, i) => ({
      address: `${NETWORK}.${i + 1}`,
      prefix: ['ip', 'netns', 'exec', name],
      cutOff: () => lose(name, 100),
      mend: () => lose(name, lossPercent / 2),
    })),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** However this process ends, its end of the pipe is closed. */
function cleanUpAfter(names: readonly string[]): AsyncDisposable {
  const guard = spawn('sh', ['-c', CLEAN_UP, 'sh', ...names], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  return {
    async [Symbol.asyncDispose]() {
      guard.stdin.end();
      await once(guard, 'exit');
    },
  };
}

async function ended(child: ChildProcess): Promise<never> {
  const [status] = await once(child, 'exit');
  throw new Error(`the emulator of the line ended with ${status}`);
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}
