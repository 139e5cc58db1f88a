import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import type { Network, PeerStream } from '../../core/ports/network.ts';
import { questionNonce } from '../../core/sharing/challenge.ts';
import { type AnswerParts, ownAnswer } from './own-answer.ts';
import {
  type Answers,
  CHALLENGE_PROTOCOL,
  decodeAnswers,
  encodeQuestion,
  MAX_QUESTION,
} from './protocol.ts';

export interface Challenger extends AnswerParts {
  readonly did: Did;
  readonly network: Pick<Network, 'open'>;
}

/** What came of one asset. `unheld`: the node says itself that it does not have it. */
export type Outcome = 'proven' | 'failed' | 'unheld' | 'no-answer';

export interface ChallengedAsset {
  readonly asset: Cid;
  readonly outcome: Outcome;
  /** Bytes that were compared, or asked for. */
  readonly byteLength: number;
}

/**
 * Asks a peer to show that it has these assets, and returns what came of each, those aside of which
 * this node has no sound copy to compare with.
 *
 * A peer that is slow or answers nonsense gives `no-answer` for what was asked then; the rest is not
 * asked. Of a connection that is gone nothing is concluded: it may be anybody's.
 *
 * @throws {ArchiveError} `peer_refused`, `peer_unreachable` if it could not even be asked, `aborted`.
 */
export async function challengePeer(
  challenger: Challenger,
  peer: Did,
  round: { readonly nonce: Uint8Array; readonly assets: readonly Cid[] },
  signal: AbortSignal,
): Promise<readonly ChallengedAsset[]> {
  using stream = await challenger.network.open(peer, CHALLENGE_PROTOCOL, { signal });
  const challenged: ChallengedAsset[] = [];
  for (let first = 0, index = 0; first < round.assets.length; first += MAX_QUESTION, index += 1) {
    const assets = round.assets.slice(first, first + MAX_QUESTION);
    const nonce = questionNonce(round.nonce, index, challenger.sha256);
    const expected = await expectedAnswers(challenger, peer, { nonce, assets }, signal);
    if (expected.length === 0) continue;
    const asked = { nonce, assets: expected.map(({ asset }) => asset) };
    const answers = await answersOf(stream, asked);
    if (answers === 'gone') return challenged;
    for (const [place, { asset, answer, byteLength }] of expected.entries()) {
      const given = answers === 'none' ? undefined : answers[place];
      challenged.push({ asset, outcome: outcomeOf(given, answer), byteLength });
    }
    if (answers === 'none') return challenged;
  }
  await stream.end();
  return challenged;
}

/** What this node's own copies give; computed before the peer knows the question. */
async function expectedAnswers(
  challenger: Challenger,
  holder: Did,
  { nonce, assets }: { readonly nonce: Uint8Array; readonly assets: readonly Cid[] },
  signal: AbortSignal,
) {
  const challenge = { nonce, challenger: challenger.did, holder };
  const expected: { asset: Cid; answer: Uint8Array; byteLength: number }[] = [];
  for (const asset of assets) {
    const own = await ownAnswer(challenger, challenge, asset, signal);
    if (own !== undefined) expected.push({ asset, ...own });
  }
  return expected;
}

async function answersOf(
  stream: PeerStream,
  asked: { readonly nonce: Uint8Array; readonly assets: readonly Cid[] },
): Promise<Answers | 'none' | 'gone'> {
  try {
    await stream.send(encodeQuestion(asked));
    const message = await stream.receive();
    return message === undefined ? 'none' : decodeAnswers(message, asked.assets.length);
  } catch (error) {
    const code = error instanceof ArchiveError ? error.code : undefined;
    if (code === 'peer_timeout' || code === 'peer_invalid') return 'none';
    if (code === 'peer_unreachable') return 'gone';
    throw error;
  }
}

function outcomeOf(given: Uint8Array | null | undefined, expected: Uint8Array): Outcome {
  if (given === undefined) return 'no-answer';
  if (given === null) return 'unheld';
  return equalBytes(given, expected) ? 'proven' : 'failed';
}
