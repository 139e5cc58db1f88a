import { publicKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PublicKey, Stream } from '@libp2p/interface';
import { bytesField, encodeNumber } from './protobuf.ts';

export const IDENTIFY = '/ipfs/id/1.0.0';

const FIELD = { publicKey: 1, protocols: 3 } as const;

/** How long the answer may take to leave. */
const ANSWER_MS = 10_000;

/**
 * Returns what answers identify (https://github.com/libp2p/specs/tree/master/identify), through which
 * IPFS nodes learn that bitswap is spoken here. It says which key this is, which the handshake has
 * proved, and these protocols: no addresses, no name of a program, not where the caller comes from.
 */
export function identifyAnswer(
  key: PublicKey,
  protocols: readonly string[],
): (stream: Stream) => Promise<void> {
  const names = protocols.map((name) => new TextEncoder().encode(name));
  const message = Buffer.concat([
    ...bytesField(FIELD.publicKey, [publicKeyToProtobuf(key)]),
    ...names.flatMap((name) => bytesField(FIELD.protocols, [name])),
  ]);
  return async (stream) => {
    try {
      stream.send(encodeNumber(message.length));
      stream.send(Uint8Array.from(message));
      await stream.close({ signal: AbortSignal.timeout(ANSWER_MS) });
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    }
  };
}
