import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { askClamd } from '../../../src/intake/screening/clamd.ts';

/** What a server that is to be clamd does with a connection; `asked` is all that has come. */
type Behaviour = (socket: Socket, asked: Buffer) => void;

/** Runs a server on this machine's own address while `use` asks it. */
async function served<T>(behaviour: Behaviour, use: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let asked = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      asked = Buffer.concat([asked, chunk]);
      behaviour(socket, asked);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function* some(length = 1000): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(length, 7);
}

const ask = (port: number, bytes = some(), signal?: AbortSignal) =>
  askClamd({ host: '127.0.0.1', port }, bytes, signal);

/** Answers once all of the bytes have come, whose end is a length of none. */
const answers =
  (text: string): Behaviour =>
  (socket, asked) => {
    if (asked.subarray(-4).equals(Buffer.alloc(4))) socket.write(text);
  };

const unavailable = (why: RegExp) =>
  expect.objectContaining({
    code: 'screening_unavailable',
    message: expect.stringMatching(why),
    retryable: true,
  });

describe('clamd over TCP', () => {
  it('gets the bytes in parts behind their lengths, and is heard', async () => {
    let all: Buffer = Buffer.alloc(0);
    const hears: Behaviour = (socket, asked) => {
      all = asked;
      answers('stream: OK\0')(socket, asked);
    };
    await expect(served(hears, (port) => ask(port, some(300_000)))).resolves.toBeUndefined();
    expect(all.toString('latin1', 0, 10)).toBe('zINSTREAM\0');
    expect([all.readUInt32BE(10), all.readUInt32BE(14 + 262_144)]).toEqual([262_144, 37_856]);
    const found = answers('stream: Eicar-Signature FOUND\0');
    await expect(served(found, ask)).resolves.toEqual({ found: 'Eicar-Signature' });
  });

  it('is believed to have screened nothing where it says that there is too much, or hangs up and lives', async () => {
    const says = answers('INSTREAM size limit exceeded. ERROR\0');
    await expect(served(says, ask)).resolves.toBe('not-screened');
    const hangsUp: Behaviour = (socket, asked) => {
      if (asked.toString('latin1') === 'zPING\0') socket.write('PONG\0');
      else socket.destroy();
    };
    await expect(served(hangsUp, ask)).resolves.toBe('not-screened');
  });

  it.each<[string, Behaviour, RegExp]>([
    [
      'answers with something else',
      answers('220 mail.example ESMTP\r\n\0'),
      /it answers "220 mail/,
    ],
    ['says that all is well in other words', answers('stream: OKAY\0'), /it answers/],
    ['goes on and on', (socket) => socket.write('x'.repeat(8192)), /it says too much/],
    ['hangs up on everything', (socket) => socket.destroy(), /./],
  ])('takes nothing in where what is there %s', async (_what, behaviour, why) => {
    await expect(served(behaviour, ask)).rejects.toEqual(unavailable(why));
  });

  it('takes nothing in where nobody listens', async () => {
    const port = await served(answers(''), async (free) => free);
    await expect(ask(port)).rejects.toEqual(unavailable(/ECONNREFUSED/));
  });

  it('is given up where it falls silent, or goes on without an end', async () => {
    const waits = (silenceMs: number, fileMs: number) => (port: number) =>
      askClamd({ host: '127.0.0.1', port }, some(), undefined, { silenceMs, fileMs });
    await expect(served(() => {}, waits(50, 60_000))).rejects.toEqual(
      unavailable(/it says nothing/),
    );
    const drips: Behaviour = (socket) => {
      const drop = () => void (socket.destroyed || socket.write('.', () => setTimeout(drop, 5)));
      drop();
    };
    await expect(served(drips, waits(60_000, 100))).rejects.toEqual(
      unavailable(/it takes too long/),
    );
  });

  it('is let go at once when the run is stopped while it says nothing', async () => {
    const stopping = new AbortController();
    const silent: Behaviour = () => stopping.abort();
    await expect(served(silent, (port) => ask(port, some(), stopping.signal))).rejects.toEqual(
      expect.objectContaining({ code: 'aborted' }),
    );
  });
});
