import { createServer, type Socket } from 'node:net';

/** Screens as clamd does, finds nothing, and answers only while it is not held. */
export interface HeldScreening extends AsyncDisposable {
  /** Files that wait for an answer. */
  readonly waiting: number;
  hold(): void;
  letGo(): void;
}

/** Listens on a socket file, whose path is `screening.clamd` in a home's settings. */
export async function openHeldScreening(path: string): Promise<HeldScreening> {
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isHeld = false;
  const answer = () => {
    for (const socket of waiting) socket.write('stream: OK\0');
    waiting.clear();
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let end = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      end = Buffer.concat([end, chunk]).subarray(-4);
      // The end of the bytes is a length of none.
      if (!end.equals(Buffer.alloc(4))) return;
      waiting.add(socket);
      if (!isHeld) answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    get waiting() {
      return waiting.size;
    },
    hold() {
      isHeld = true;
    },
    letGo() {
      isHeld = false;
      answer();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
