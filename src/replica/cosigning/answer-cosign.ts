import type { Answer } from '../../core/ports/network.ts';
import { answerAddCheckpoint, type Cosigner } from '../../core/witnessing/add-checkpoint.ts';

/** Returns the cosigner's side: it signs what goes on from what it saw last, and says why not otherwise. */
export function answerCosign(cosigner: Cosigner): Answer {
  return async (stream) => {
    const request = await stream.receive();
    if (request === undefined) return;
    const { status, body } = answerAddCheckpoint(new TextDecoder().decode(request), cosigner);
    await stream.send(new TextEncoder().encode(`${status}\n${body}`));
  };
}
