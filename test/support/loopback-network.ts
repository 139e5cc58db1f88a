import {
  type NetworkOptions,
  type OpenedNetwork,
  openNetwork,
} from '../../src/network/open-network.ts';
import { fixedClock } from './environs.ts';
import { seedOf, signerOf } from './keys.ts';

/** Opens a node with the test key of that name on a free port of the loopback; all are members. */
export function openLoopbackNetwork(
  name: string,
  options: Partial<NetworkOptions> = {},
): Promise<OpenedNetwork> {
  return openNetwork({
    did: signerOf(name).did,
    seed: seedOf(name),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    admits: () => 'member',
    clock: fixedClock,
    ...options,
  });
}
