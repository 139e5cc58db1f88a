import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { ArchiveError } from '../core/errors.ts';
import type { PeerAddress } from '../core/ports/network.ts';

/** @throws {ArchiveError} `usage_invalid` for what is no address. */
export function parseAddress(address: PeerAddress): Multiaddr {
  try {
    return multiaddr(address);
  } catch (cause) {
    const text = `${JSON.stringify(address)} is not an address; one looks like /ip4/10.77.0.2/tcp/4001/p2p/12D3Koo…`;
    throw new ArchiveError('usage_invalid', text, { cause });
  }
}
