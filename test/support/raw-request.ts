import { type OutgoingHttpHeaders, request } from 'node:http';

/** Asks for exactly this target, with exactly these headers, which `fetch` would put right. */
export function rawRequest(
  url: string,
  target: string,
  headers: OutgoingHttpHeaders = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: target, headers, agent: false },
      async (answer) => {
        let body = '';
        for await (const chunk of answer) body += chunk;
        resolve({ status: answer.statusCode ?? 0, body });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
