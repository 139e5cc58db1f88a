import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Network, PeerAddress } from '../../core/ports/network.ts';

/**
 * Calls a member at one address after another, unless it is connected already.
 *
 * @throws {ArchiveError} why the last of them did not do, as {@link Network.dial}.
 */
export async function callMember(
  key: Did,
  addresses: readonly PeerAddress[],
  network: Pick<Network, 'dial' | 'peers'>,
  options: { readonly signal: AbortSignal },
): Promise<Did> {
  if (network.peers().some(({ peer }) => peer === key)) return key;
  let failure = new ArchiveError('peer_unreachable', `no address of ${key} is known`);
  for (const address of addresses) {
    try {
      return await network.dial(address, options);
    } catch (error) {
      if (!(error instanceof ArchiveError) || options.signal.aborted) throw error;
      failure = error;
    }
  }
  throw failure;
}
