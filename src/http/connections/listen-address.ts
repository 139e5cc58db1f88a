import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';

/** Where a server listens. Port 0 stands for any that is free. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<four>[^:[\]]+)):(?<port>\d{1,5})$/i;
const RANGE = /^([^/]+)(?:\/(\d{1,3}))?$/;

/**
 * Reads `HOST:PORT`, where the host is an address of this machine, or `localhost`, which stands for
 * 127.0.0.1.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function parseListenAddress(text: string): ListenAddress {
  const { six, four, port: digits } = ADDRESS.exec(text)?.groups ?? {};
  const port = Number(digits);
  const host = six ?? (four === 'localhost' ? '127.0.0.1' : four);
  if (host !== undefined && isIP(host) !== 0 && port <= 65_535) return { host, port };
  throw new ArchiveError(
    'usage_invalid',
    `${JSON.stringify(text)} is no address to listen on; give HOST:PORT, such as 127.0.0.1:8080`,
  );
}

/** Says whether an address is one that this machine alone reaches. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return isIPv4(plain) ? plain.startsWith('127.') : /^(0*:)*0*1$/.test(plain);
}

/** Returns the address as IPv4 where it is one that a socket of IPv6 shows. */
export function plainAddress(address: string): string {
  if (!address.startsWith('::')) return address;
  const [, four = ''] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return isIPv4(four) ? four : address;
}

/** Returns what one sender's addresses have in common: of IPv6 the first 56 bits, as providers give them out. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  // A zone is this machine's own name for a link.
  const [six = ''] = plain.split('%');
  if (!isIPv6(six)) return plain;
  // In the one form that RFC 5952 has for it, of hexadecimal groups alone.
  const [head = '', tail = ''] = new URL(`http://[${six}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const after = tail.split(':').filter((group) => group !== '');
  const missing = Array.from({ length: 8 - groups.length - after.length }, () => '0');
  const [one, two, three, four = ''] = [...groups, ...missing, ...after];
  return `${one}:${two}:${three}:${four.padStart(4, '0').slice(0, 2)}`;
}

/**
 * Returns what says whether an address is one of these, or lies in a range (`10.0.0.0/8`) of them;
 * undefined where one of them is neither.
 */
export function addressTest(ranges: readonly string[]): ((address: string) => boolean) | undefined {
  const list = new BlockList();
  for (const range of ranges) {
    const [, net = '', prefix] = RANGE.exec(range) ?? [];
    const most = isIPv6(net) ? 128 : 32;
    const bits = prefix === undefined ? most : Number(prefix);
    if (isIP(net) === 0 || bits > most) return undefined;
    list.addSubnet(net, bits, familyOf(net));
  }
  return (address) => {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
