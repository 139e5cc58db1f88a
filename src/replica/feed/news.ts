import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import type { Did } from '../../core/entries/did-key.ts';
import type { Network, Protocol } from '../../core/ports/network.ts';
import { readMessage } from '../read-message.ts';

/**
 * "I have news": one message that says how long a node's log is now. It proves nothing and is lost
 * without harm; whoever hears it may pull.
 */
export const NEWS: Protocol = {
  name: '/ringfence/news/1',
  strangers: false,
  maxMessageBytes: 512,
  idleMs: 10_000,
  maxStreams: 4,
};

const news = z.strictObject({
  origin: z.string().max(256),
  size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
});

export type News = z.output<typeof news>;

/** Tells one peer. @throws as {@link Network.open}. */
export async function tellNews(
  network: Network,
  peer: Did,
  { origin, size }: News,
  signal: AbortSignal,
): Promise<void> {
  using stream = await network.open(peer, NEWS, { signal });
  await stream.send(dagCbor.encode({ origin, size }));
  await stream.end();
}

/** @throws {ArchiveError} `peer_invalid`. */
export function decodeNews(message: Uint8Array): News {
  return readMessage(news, message);
}
