import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { closeServer } from '../../../src/http/connections/close-server.ts';
import { listen } from '../../../src/http/connections/listen.ts';

/**
 * Listens when it may open a few files more, and prints how many sockets accept connections, why there are not
 * more, and what is answered. To be started with a low limit of open files.
 */
const FEW = 12;

const options = { keepAlive: true, keepAliveInitialDelay: 60_000 };
const server = createServer((_req, res) => res.end('here'));
// What is loaded when it is first used takes descriptors, too: it is loaded before they run out.
process.stdout.write('');
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  for (const descriptor of taken.splice(-FEW)) closeSync(descriptor);
}
const told = { sockets: 0, why: '' };
const others = await listen(server, { host: '127.0.0.1', port: 0 }, options, {
  onError: (error) => {
    throw error;
  },
  onFewer: (sockets, cause) => Object.assign(told, { sockets, why: String(cause) }),
});
const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
const answer = await text(client);
await closeServer(server, others);
process.stdout.write(JSON.stringify({ ...told, others: others.length, answer }));
