import type { ErrorRequestHandler, Response } from 'express';
import { defectText } from '../core/defect-text.ts';
import { ArchiveError, type ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { toProblem } from './problem.ts';

/** What an answer that came to nothing may have said already of the bytes it was to send. */
const ABOUT_CONTENT = ['ETag', 'Content-Length', 'Content-Disposition', 'Accept-Ranges'];

/** How to sign in (RFC 6750 §3). */
const CHALLENGES: ReadonlyMap<ErrorCode, string> = new Map([
  ['sign_in_required', 'Bearer'],
  ['sign_in_invalid', 'Bearer error="invalid_token"'],
]);

/** When to come back where there is too much to do. */
const BUSY_S = 5;

/** Answers with the problem document of a failure. `status` says it better than the error's code. */
export function sendProblem(res: Response, error: unknown, status?: number): void {
  const problem = toProblem(error, status);
  for (const name of ABOUT_CONTENT) res.removeHeader(name);
  const challenge = CHALLENGES.get(problem.code);
  if (challenge !== undefined) res.set('WWW-Authenticate', challenge);
  if (problem.code === 'busy') res.set('Retry-After', String(BUSY_S));
  res
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(Buffer.from(`${JSON.stringify(problem)}\n`));
}

/**
 * Turns what routes and parsers throw into problem documents; a response under way is cut off. What
 * is a defect of the program is logged.
 */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const status = clientStatusOf(error);
    if (!(error instanceof ArchiveError) && status === undefined) logDefect(error, res, log);
    if (res.headersSent) res.destroy();
    else if (status === undefined) sendProblem(res, error);
    else sendProblem(res, new ArchiveError('input_invalid', messageOf(error)), status);
  };
}

/** Express and its parsers mark what the client did wrong with a status. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function logDefect(error: unknown, res: Response, log: Log): void {
  const details = { request: res.get('X-Request-Id') ?? null, stack: defectText(error) };
  log({ level: 'error', event: 'defect', text: 'a defect of the program', details });
}
