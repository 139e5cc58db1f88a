import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';
import { type FoundedArchive, foundArchive } from './found-archive.ts';

/**
 * Founds an archive where there is none, and returns it. Its node answers at a port that is free now, and
 * at the same from then on, since what a browser keeps is kept for one address.
 *
 * @throws {ArchiveError} as `foundArchive`, but for `home_exists`.
 */
export async function foundIfMissing(home: string): Promise<FoundedArchive | undefined> {
  try {
    return await foundArchive(home, { listen: `127.0.0.1:${await freePort()}` });
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'home_exists') return undefined;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
