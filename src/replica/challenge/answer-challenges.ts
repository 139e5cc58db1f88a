import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { PeerStream } from '../../core/ports/network.ts';
import { type AnswerParts, ownAnswer } from './own-answer.ts';
import { decodeQuestion, encodeAnswers } from './protocol.ts';

export interface ChallengeAnswerer extends AnswerParts {
  readonly did: Did;
  /** Who may not have the bytes learns nothing about them here either. */
  readonly mayHave: (peer: Did, asset: Cid) => boolean;
}

/** Answers a stream of the challenge protocol from this node's own copies. */
export async function answerChallenges(
  answerer: ChallengeAnswerer,
  stream: PeerStream,
  signal: AbortSignal,
): Promise<void> {
  const challenger = stream.peer;
  for await (const message of stream.messages) {
    const { nonce, assets } = decodeQuestion(message);
    const challenge = { nonce, challenger, holder: answerer.did };
    const answers: (Uint8Array | null)[] = [];
    for (const asset of assets) {
      const mayHave = answerer.mayHave(challenger, asset);
      const own = mayHave ? await ownAnswer(answerer, challenge, asset, signal) : undefined;
      answers.push(own?.answer ?? null);
    }
    await stream.send(encodeAnswers(answers));
  }
}
