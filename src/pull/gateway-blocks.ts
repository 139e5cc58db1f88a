import { type Cid, cidFromDigest, codecOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { BlockSource } from './block-source.ts';
import { HttpSource } from './http-source.ts';
import type { PullParts } from './parts.ts';

/** IPFS carries no larger block. */
const MOST_BYTES = 2_097_152;

/**
 * Returns the blocks of a trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/): a node
 * of an archive, a Kubo on this machine, or any other. It need not be believed.
 */
export function gatewayBlocks(
  gateway: string,
  token: () => string | undefined,
  parts: PullParts,
): BlockSource {
  const url = URL.parse(gateway);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const text = `${JSON.stringify(gateway)} is no URL of a gateway; write http://127.0.0.1:8080`;
    throw new ArchiveError('usage_invalid', text);
  }
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}/ipfs`;
  return {
    name: base,

    async get(cid: Cid, signal) {
      const source = new HttpSource({ base, query: '' }, { token, signal }, parts);
      const bytes = await source.read(cid, MOST_BYTES, 'format=raw');
      if (cidFromDigest(codecOf(cid), parts.sha256(bytes)) === cid) return bytes;
      throw new ArchiveError('peer_invalid', `${base} sends another block as ${cid}`);
    },

    async [Symbol.asyncDispose]() {},
  };
}
