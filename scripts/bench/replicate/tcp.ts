import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { measure, type Way } from './way.ts';

const CHUNK_BYTES = 1_048_576;

/** A plain copy of the same bytes into one file, with one fsync. */
export const tcp: Way = {
  async serve(folder, address) {
    const server = createServer((socket) => {
      const plain = createReadStream(join(folder, 'plain'), { highWaterMark: CHUNK_BYTES });
      void pipeline(plain, socket);
    });
    server.listen(0, address);
    await once(server, 'listening');
    const bound = server.address();
    const cost = measure();
    return {
      place: `${address} ${typeof bound === 'object' ? bound?.port : ''}`,
      end: async () => {
        server.close();
        return cost().cpuSeconds;
      },
    };
  },

  async fetch(folder, place) {
    const [host, port] = place.split(' ');
    const cost = measure();
    const file = await open(join(folder, 'copy'), 'w');
    const socket = createConnection({
      ...(host === undefined ? {} : { host }),
      port: Number(port),
    });
    await pipeline(socket, file.createWriteStream({ highWaterMark: CHUNK_BYTES, flush: true }));
    return cost();
  },
};
