import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Telling } from '../../archive/operations/operation.ts';
import { ArchiveError, ERROR_CODES } from '../../core/errors.ts';
import { SOCKET_NAME, shortFolder } from '../connections/node-socket.ts';
import { readEvents } from './wire.ts';

/** A node says within this time that it has begun; one that does not is stuck or stopped. */
const BEGIN_MS = 30_000;

const problem = z.object({
  status: z.number(),
  code: z.enum(ERROR_CODES),
  detail: z.string().default('the running node failed; its log says why'),
  retryable: z.boolean(),
});

/**
 * Has the running node of a home run an operation and returns what it gave, or undefined if no node
 * runs there: there is no socket, or one that a killed node left behind, or the node is stopping.
 *
 * When the signal fires the connection is dropped, at which the node stops the operation.
 *
 * @throws {ArchiveError} as the operation; `home_locked` if the node does not answer; `aborted`, also
 * when the node went away before the end; `format_unknown` if it is of another version.
 */
export async function askNode(
  home: string,
  operation: string,
  input: unknown,
  telling: Telling,
): Promise<{ readonly result: unknown } | undefined> {
  await using folder = await shortFolder(home);
  const asked = request({
    socketPath: join(folder.path, SOCKET_NAME),
    method: 'POST',
    path: `/operations/${operation}`,
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  const drop = () => asked.destroy();
  telling.signal.addEventListener('abort', drop);
  try {
    asked.end(JSON.stringify(input));
    const response = await begun(asked, home);
    if (response === undefined) return undefined;
    if (response.statusCode === 200) return { result: await resultOf(response, telling) };
    const told = await problemOf(response);
    if (told.status === 503 && told.code === 'home_locked') return undefined;
    throw new ArchiveError(told.code, told.detail, { retryable: told.retryable });
  } catch (error) {
    if (telling.signal.aborted) throw stopped('stopped before the end', telling.signal.reason);
    if (error instanceof ArchiveError) throw error;
    throw stopped('the running node went away before the end', error);
  } finally {
    telling.signal.removeEventListener('abort', drop);
    asked.destroy();
  }
}

/** Resolves with the response, or with undefined if nobody listens. */
function begun(asked: ClientRequest, home: string): Promise<IncomingMessage | undefined> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const timer = setTimeout(() => {
      const text = `the node that has ${home} open does not answer; end it, or wait`;
      reject(new ArchiveError('home_locked', text, { retryable: true }));
    }, BEGIN_MS);
    asked.once('socket', (socket) => {
      socket.once('connect', () => {
        isConnected = true;
      });
    });
    asked.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Stays, so that what goes wrong later is not thrown; reading the response meets it as well.
    asked.on('error', (error) => {
      clearTimeout(timer);
      if (isConnected) reject(error);
      else resolve(undefined);
    });
  });
}

async function resultOf(response: IncomingMessage, telling: Telling): Promise<unknown> {
  for await (const event of readEvents(response)) {
    if (event.event === 'progress') telling.progress(event.what, event.done);
    else if (event.event === 'notice') telling.notice(event.text);
    else if (event.event === 'item') await telling.item(event.item);
    else if (event.event === 'result') return event.result;
    else throw new ArchiveError(event.code, event.message, { retryable: event.retryable });
  }
  throw new Error('the response ended without a result');
}

async function problemOf(response: IncomingMessage): Promise<z.output<typeof problem>> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return problem.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}

function stopped(what: string, cause: unknown): ArchiveError {
  return new ArchiveError('aborted', `${what}; run it again to go on`, { cause, retryable: true });
}
