import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of the node, which a lie may change before it is passed on. */
export interface PassedAnswer {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  readonly body: Buffer;
}

/** What becomes of an answer: another body, or the line is cut, or stays silent, after so many bytes of it. */
export type Lie = (
  answer: PassedAnswer,
) => Partial<PassedAnswer & { cutAfter: number; holdAfter: number }> | undefined;

/** A server between a node and whoever pulls from it, which lies as it is told. */
export interface TamperingProxy extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, in their order. */
  readonly asked: string[];
  lie: Lie;
}

/** Starts a server that passes everything on to the node at this URL until it is told to lie. */
export async function tamperingProxy(node: string): Promise<TamperingProxy> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const path = req.url ?? '/';
    asked.push(path);
    const headers = { ...req.headers, host: new URL(node).host };
    const passed = request(new URL(path, node), { method: req.method, headers }, async (answer) => {
      const body = Buffer.concat(await Array.fromAsync(answer));
      const status = answer.statusCode ?? 500;
      send(res, { path, headers: answer.headers, status, body }, proxy.lie);
    });
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: TamperingProxy = {
    url: `http://127.0.0.1:${port}`,
    asked,
    lie: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

function send(res: ServerResponse, answer: PassedAnswer, lie: Lie): void {
  const told: ReturnType<Lie> & PassedAnswer = { ...answer, ...lie(answer) };
  const { status, headers, body, cutAfter, holdAfter } = told;
  const { 'transfer-encoding': _chunked, connection: _line, ...kept } = headers;
  res.writeHead(status, { ...kept, 'content-length': String(body.length) });
  if (holdAfter !== undefined) res.write(body.subarray(0, holdAfter));
  else if (cutAfter === undefined) res.end(body);
  else res.write(body.subarray(0, cutAfter), () => res.destroy());
}
