import express, { type Express, type Request, type Response } from 'express';
import type { AnyOperation } from '../../archive/operations/operation.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { OPERATIONS } from '../../archive/operations/operations.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { signalOf } from '../gone-signal.ts';
import { toProblem } from '../problem.ts';
import { problemHandler, sendProblem } from '../send-problem.ts';
import { written } from '../written.ts';
import { EVENTS_TYPE, type OperationEvent, sentTelling } from './wire.ts';

/** A set of 1,048,576 CIDs, the largest there is, fits. */
const MAX_INPUT = '128mb';

/**
 * What the socket in the home answers: `POST /operations/NAME` with an operation's input runs it, and
 * streams what it tells. A client that goes away stops its operation. `GET /healthz` says that the node runs,
 * wherever else it listens.
 */
export function operationsApp(runner: Pick<OperationRunner, 'start'>, log: Log): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.post('/operations/:name', express.json({ limit: MAX_INPUT, inflate: false }), (req, res) =>
    perform(req, res, runner),
  );
  app.get('/healthz', (_req, res) => void res.type('text/plain').send('ok\n'));
  app.use((req: Request, res: Response) => {
    sendProblem(res, new ArchiveError('not_found', `there is no ${req.method} ${req.path} here`));
  });
  app.use(problemHandler(log));
  return app;
}

async function perform(
  req: Request<{ name: string }>,
  res: Response,
  runner: Pick<OperationRunner, 'start'>,
): Promise<void> {
  const { name } = req.params;
  const operation = OPERATIONS.get(name);
  if (operation === undefined) {
    throw new ArchiveError(
      'format_unknown',
      `the running node is of another version and does not know ${JSON.stringify(name)}; stop it and start it anew`,
    );
  }
  await streamOperation(operation, req.body, res, runner);
}

/** Runs an operation on an input that somebody has sent, and streams what it tells until it has ended. */
export async function streamOperation(
  operation: AnyOperation,
  input: unknown,
  res: Response,
  runner: Pick<OperationRunner, 'start'>,
): Promise<void> {
  const send = (event: OperationEvent) => written(res, `${JSON.stringify(event)}\n`);
  // It may tell something at once; if it is refused, this is not sent.
  res.status(200).type(EVENTS_TYPE);
  const { result } = runner.start(operation, input, sentTelling(signalOf(res), send));
  res.flushHeaders();
  await send(await outcomeOf(result));
  res.end();
}

async function outcomeOf(running: Promise<unknown>): Promise<OperationEvent> {
  try {
    return { event: 'result', result: (await running) ?? null };
  } catch (error) {
    const { code, detail, retryable } = toProblem(error);
    const message = detail ?? 'a defect of the program; the log of the node says more';
    return { event: 'error', code, message, retryable };
  }
}
