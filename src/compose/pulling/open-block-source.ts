import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { PeerAddress } from '../../core/ports/network.ts';
import { readHomeSeed } from '../../ledger/keys/home-key.ts';
import type { BlockSource } from '../../pull/block-source.ts';
import { gatewayBlocks } from '../../pull/gateway-blocks.ts';
import { ipfsGateway } from '../settings/environment.ts';
import type { OpenedPull } from './open-pull.ts';

/**
 * Calls a node of IPFS, of an archive or not, for blocks by bitswap. It is called by the key that signs pulls:
 * what members may have is theirs, what is public anybody's. Nobody can call back.
 *
 * @throws {ArchiveError} `usage_invalid` for what is no address; `peer_unreachable`, `peer_refused`, `aborted`.
 */
export async function blocksOfPeer(
  address: PeerAddress,
  { signer, keyPath, clock }: Pick<OpenedPull, 'signer' | 'keyPath' | 'clock'>,
  signal: AbortSignal,
): Promise<BlockSource> {
  const refused = (error: unknown): never => {
    if (!(error instanceof ArchiveError) || error.code !== 'peer_unreachable') throw error;
    const text = `${address} has ended the connection: it lets members in, and others for what is public`;
    throw new ArchiveError('peer_unreachable', text, { cause: error });
  };
  // A pull over HTTP, as most are, loads no libp2p.
  const { openNetwork } = await import('../../network/open-network.ts');
  const network = await openNetwork({
    ...{ did: signer.did, seed: await readHomeSeed(keyPath), listen: [], clock },
    admits: () => 'member',
  });
  try {
    const peer = await network.dial(address, { signal });
    return {
      name: address,

      async get(cid: Cid, signal) {
        const bytes = await network.blocks.want(peer, cid, { signal }).catch(refused);
        if (bytes !== undefined) return bytes;
        const text = `${address} does not give ${cid}: it has it not, or it is not for whoever asks, or something was withdrawn from the release; its URL gives what is left`;
        throw new ArchiveError('not_found', text);
      },

      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Returns the blocks of the gateway that this machine reads IPFS by.
 *
 * @throws {ArchiveError} `usage_invalid` where there is none.
 */
export async function blocksOfGateway(
  token: () => string | undefined,
  parts: OpenedPull,
): Promise<BlockSource> {
  const noted = await ipfsGateway();
  if (noted !== undefined) return gatewayBlocks(noted, token, parts);
  throw new ArchiveError(
    'usage_invalid',
    'a CID says what, and not where: name a gateway in IPFS_GATEWAY, or run an IPFS node here; or give a node by its URL or multiaddr',
  );
}
