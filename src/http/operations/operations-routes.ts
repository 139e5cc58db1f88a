import { type Request, type Response, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { AnyOperation } from '../../archive/operations/operation.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { OPERATIONS } from '../../archive/operations/operations.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RIGHT_OF_OPERATION, refuseWithout } from '../callers/roles.ts';
import { callerOf } from '../callers/sign-in.ts';
import { signalOf } from '../gone-signal.ts';
import { jsonBody } from '../json-body.ts';
import { answerOnce } from './answer-once.ts';
import type { GivenAnswer, GivenAnswers } from './given-answers.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { streamOperation } from './operations-app.ts';
import { EVENTS_TYPE } from './wire.ts';

/** Items that one document holds; a stream has no such end. */
const MOST_ITEMS = 10_000;

/** Every operation of the command line, for whoever has the right to it. */
export function operationsRoutes(
  { ledger }: Pick<Archive, 'ledger'>,
  runner: Pick<OperationRunner, 'start'>,
  answers: GivenAnswers,
): Router {
  const router = Router();
  const body = jsonBody();
  for (const operation of OPERATIONS.values()) {
    const { name, tellsSecret = false } = operation;
    const mayAsk = (req: Request, _res: Response, next: () => void) => {
      const right = RIGHT_OF_OPERATION.get(name) ?? 'own';
      refuseWithout(right, callerOf(req), ledger.self.organisation);
      next();
    };
    router.post(`/api/v1/operations/${name}`, mayAsk, body, async (req, res) => {
      const isStream = req.accepts(['application/json', EVENTS_TYPE]) === EVENTS_TYPE;
      if (isStream) {
        refuseKeyed(req);
        await streamOperation(operation, req.body, res, runner);
      } else if (operation.changes) {
        const work = (signal: AbortSignal) => answerOf(operation, req.body, runner, signal);
        const asked = { parts: [name, req.body], tellsSecret };
        await answerOnce(req, res, answers, asked, work);
      } else {
        const { body } = await answerOf(operation, req.body, runner, signalOf(res));
        res.set('Cache-Control', 'no-store').type('application/json').send(Buffer.from(body));
      }
    });
  }
  return router;
}

/** @throws {ArchiveError} `input_invalid`: a stream is told as it comes, and is not kept. */
function refuseKeyed(req: Request): void {
  if (idempotencyKeyOf(req) === undefined) return;
  const text = 'a stream cannot be told again; with Idempotency-Key, ask for application/json';
  throw new ArchiveError('input_invalid', text);
}

async function answerOf(
  operation: AnyOperation,
  input: unknown,
  runner: Pick<OperationRunner, 'start'>,
  signal: AbortSignal,
): Promise<GivenAnswer> {
  const items: unknown[] = [];
  const notices: string[] = [];
  const telling = {
    signal,
    progress() {},
    notice: (text: string) => void notices.push(text),
    async item(item: unknown) {
      if (items.length === MOST_ITEMS) {
        const text = `there are more than ${MOST_ITEMS} items; ask for ${EVENTS_TYPE}`;
        throw new ArchiveError('input_invalid', text);
      }
      items.push(item);
    },
  };
  const result = (await runner.start(operation, input, telling).result) ?? null;
  return { status: 200, headers: {}, body: `${JSON.stringify({ result, items, notices })}\n` };
}
