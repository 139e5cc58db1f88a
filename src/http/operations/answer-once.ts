import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { callerOf } from '../callers/sign-in.ts';
import { signalOf } from '../gone-signal.ts';
import type { GivenAnswer, GivenAnswers } from './given-answers.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

/** What is asked for. */
interface Asked {
  /** All that makes it another request. */
  readonly parts: readonly unknown[];
  /** Its answer is told once, and not written down. */
  readonly tellsSecret: boolean;
}

/**
 * Does what a request asks for and answers it with JSON. With an `Idempotency-Key` that is done once, and goes
 * on when the client has gone away, which will ask again.
 */
export async function answerOnce(
  req: Request,
  res: Response,
  answers: GivenAnswers,
  { parts, tellsSecret }: Asked,
  work: (signal: AbortSignal) => Promise<GivenAnswer>,
): Promise<void> {
  const key = idempotencyKeyOf(req);
  const digest = () => hash('sha256', JSON.stringify(parts), 'hex');
  const { status, headers, body } =
    key === undefined
      ? await work(signalOf(res))
      : await answers.once({ caller: callerOf(req), key, digest: digest(), tellsSecret }, () =>
          work(new AbortController().signal),
        );
  res.status(status).set({ ...headers, 'Cache-Control': 'no-store' });
  res.type('application/json').send(Buffer.from(body));
}
