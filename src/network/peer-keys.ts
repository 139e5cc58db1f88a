import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { PeerId, PrivateKey } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { base58btc } from 'multiformats/bases/base58';
import { type Did, didFromPublicKey, publicKeyOf } from '../core/entries/did-key.ts';
import type { PeerAddress } from '../core/ports/network.ts';

/** What comes before the key in a peer id of an Ed25519 key: an identity multihash of a protobuf. */
const PEER_ID_HEAD = Buffer.from('002408011220', 'hex');

/** Returns the libp2p key of an Ed25519 seed and its public key (RFC 8032), 32 bytes each. */
export function privateKeyOf(seed: Uint8Array, did: Did): PrivateKey {
  const raw = new Uint8Array(64);
  raw.set(seed);
  raw.set(publicKeyOf(did), 32);
  return privateKeyFromRaw(raw);
}

/** Returns the did:key that a handshake has proved; undefined for keys that are not Ed25519. */
export function didOf(peer: PeerId): Did | undefined {
  return peer.type === 'Ed25519' ? didFromPublicKey(peer.publicKey.raw) : undefined;
}

/** Returns the key that an address names at its end; undefined if it names none, or another sort. */
export function didInAddress(address: PeerAddress): Did | undefined {
  const [, peerId = ''] = /\/p2p\/([1-9A-HJ-NP-Za-km-z]{1,64})$/.exec(address) ?? [];
  const bytes = base58btc.baseDecode(peerId);
  const isEd25519 = bytes.length === 38 && PEER_ID_HEAD.equals(bytes.subarray(0, 6));
  return isEd25519 ? didFromPublicKey(bytes.slice(6)) : undefined;
}

/** Returns an address of this node with its key at the end, where others look for it. */
export function withKey(address: PeerAddress, did: Did): PeerAddress {
  if (didInAddress(address) === did) return address;
  const peerId = base58btc.baseEncode(Buffer.concat([PEER_ID_HEAD, publicKeyOf(did)]));
  return `${address}/p2p/${peerId}`;
}

/**
 * Returns the key of the node that an address reaches over TCP or WebSocket; undefined for anything else,
 * such as a list of addresses kept elsewhere (`/dnsaddr`), or an address without a key.
 */
export function keyReachedAt(address: PeerAddress): Did | undefined {
  if (!ONE_PLACE.test(address)) return undefined;
  try {
    multiaddr(address);
  } catch {
    return undefined;
  }
  return didInAddress(address);
}

const ONE_PLACE = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+(?:\/tls)?(?:\/wss?)?\/p2p\/[^/]+$/;
