import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy (RFC 9110) that passes requests and tunnels on. */
export interface PassingProxy extends AsyncDisposable {
  readonly url: string;
  /** Hosts that were asked for through it, in their order. */
  readonly asked: string[];
}

export async function passingProxy(): Promise<PassingProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '');
    asked.push(url.host);
    const passed = request(url, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    });
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  });
  server.on('connect', (req, socket: Socket) => {
    asked.push(req.url ?? '');
    const [host = '', port = ''] = (req.url ?? '').split(':');
    const line = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(line).pipe(socket);
    });
    for (const end of [socket, line]) {
      sockets.add(end);
      end.on('error', () => [socket, line].map((one) => one.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
