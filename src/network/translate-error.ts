import { ArchiveError } from '../core/errors.ts';

/** What a peer does, or a key says, rather than a line. */
const REFUSALS = new Set([
  'ConnectionInterceptedError',
  'ConnectionDeniedError',
  'InvalidPeerIdError',
  'UnsupportedProtocolError',
]);

/**
 * Tells a failure to dial or to open a stream in our words. What fails between the first byte and the
 * proof of the key is refused: the other side has another network key, is another node than the
 * address says, or is none of ours.
 */
export function translateError(error: unknown, what: string, signal?: AbortSignal): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const { name, message } = causeOf(error);
  if (signal?.aborted === true) {
    return new ArchiveError('aborted', `${what}: stopped`, { cause: error, retryable: true });
  }
  if (name === 'EncryptionFailedError') {
    const text = `${what}: the handshake failed (${message}); it needs the same network key on both sides, and the key that the address names`;
    return new ArchiveError('peer_refused', text, { cause: error });
  }
  if (REFUSALS.has(name))
    return new ArchiveError('peer_refused', `${what}: ${message}`, { cause: error });
  const text = `${what}: ${message}`;
  return new ArchiveError('peer_unreachable', text, { cause: error, retryable: true });
}

/** libp2p gathers the failures of several addresses; we dial one at a time. */
function causeOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  return error instanceof Error ? error : new Error(String(error));
}
