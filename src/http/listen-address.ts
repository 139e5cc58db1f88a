import { isIPv4, isIPv6 } from 'node:net';
import { ArchiveError } from '../core/errors.ts';

/** Where a server listens. Port 0 stands for any that is free. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<four>[^:[\]]+)):(?<port>\d{1,5})$/i;

/**
 * Reads `HOST:PORT`, where the host is this machine's loopback: 127.x.y.z, `[::1]` or `localhost`,
 * which stands for 127.0.0.1.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function parseListenAddress(text: string): ListenAddress {
  const { six, four, port: digits } = ADDRESS.exec(text)?.groups ?? {};
  const port = Number(digits);
  const host = six ?? (four === 'localhost' ? '127.0.0.1' : four);
  if (host === undefined || !(port <= 65_535)) {
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(text)} is no address to listen on; give HOST:PORT, such as 127.0.0.1:8080`,
    );
  }
  if (!isLoopback(host)) {
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(text)} is not on loopback; whoever reaches the address reads the whole archive, ` +
        'so it is offered to this machine alone; listen on 127.0.0.1:PORT or [::1]:PORT',
    );
  }
  return { host, port };
}

function isLoopback(host: string): boolean {
  return (isIPv4(host) && host.startsWith('127.')) || (isIPv6(host) && /^(0*:)*0*1$/.test(host));
}
