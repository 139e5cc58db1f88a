import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import type { VerifySignature } from '../../core/ports/keys.ts';
import type { LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { Network } from '../../core/ports/network.ts';
import { formatAddCheckpoint } from '../../core/witnessing/add-checkpoint.ts';
import { openCosignatures } from '../../core/witnessing/cosignature.ts';
import { COSIGN } from './protocol.ts';

/** What asking takes. */
export interface CosignatureAsker {
  readonly network: Pick<Network, 'open'>;
  readonly feed: Pick<LedgerFeed, 'consistencyProof'>;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

/** Attempts until the peer's own size is believed to be known. */
const ATTEMPTS = 3;

/**
 * Asks a peer to cosign a checkpoint and returns its signature line, checked.
 *
 * The peer's answer to a stale size says how far it has seen, so nothing has to be remembered here.
 *
 * @throws {ArchiveError} `peer_refused` with the peer's reason, also if it has seen more than the
 * checkpoint covers; `peer_invalid` for an answer that is none; and as {@link Network.open}.
 */
export async function askCosignature(
  asker: CosignatureAsker,
  peer: Did,
  checkpoint: { readonly size: number; readonly note: string },
  signal: AbortSignal,
): Promise<string> {
  const { size, note } = checkpoint;
  let oldSize = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proof = oldSize === 0 ? [] : asker.feed.consistencyProof(oldSize, size);
    const { status, body } = await ask(
      asker,
      peer,
      formatAddCheckpoint({ oldSize, proof, note }),
      signal,
    );
    if (status === 200) return lineOf(asker, peer, note, body);
    const seen = status === 409 ? /^(0|[1-9]\d{0,14})\n$/.exec(body)?.[1] : undefined;
    if (seen === undefined || Number(seen) > size) throw refused(peer, status, body);
    oldSize = Number(seen);
  }
  throw refused(peer, 409, 'it has seen something else each time it was asked');
}

async function ask(
  { network }: CosignatureAsker,
  peer: Did,
  request: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  using stream = await network.open(peer, COSIGN, { signal });
  const stop = () =>
    stream.abort(new ArchiveError('aborted', 'nobody waits for a cosignature any more'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await stream.send(new TextEncoder().encode(request));
    await stream.end();
    const answer = new TextDecoder().decode(await stream.receive());
    const [, status, body = ''] = /^(\d{3})\n(.*)$/s.exec(answer) ?? [];
    if (status === undefined) throw invalid(peer, 'its answer has no status');
    return { status: Number(status), body };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A cosigner may sign with several keys; only the one that the handshake has proved is taken. */
function lineOf(
  { verify, sha256 }: CosignatureAsker,
  peer: Did,
  note: string,
  lines: string,
): string {
  const own = lines
    .split(/(?<=\n)/)
    .find((line) =>
      openCosignatures(note, line, verify, sha256).some((cosignature) => cosignature.did === peer),
    );
  if (own === undefined) throw invalid(peer, 'its answer holds no cosignature of its own');
  return own;
}

function refused(peer: Did, status: number, reason: string): ArchiveError {
  const text = reason.trim().slice(0, 200);
  return new ArchiveError('peer_refused', `${peer} does not cosign (${status}): ${text}`);
}

function invalid(peer: Did, problem: string): ArchiveError {
  return new ArchiveError('peer_invalid', `${peer} was asked to cosign, and ${problem}`);
}
