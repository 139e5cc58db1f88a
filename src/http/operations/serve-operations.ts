import { once } from 'node:events';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import type { Log } from '../../core/ports/log.ts';
import { closeServer } from '../connections/close-server.ts';
import { SOCKET_CRADLE, SOCKET_NAME, shortFolder } from '../connections/node-socket.ts';
import { operationsApp } from './operations-app.ts';

/**
 * Offers the operations on `node.sock` in the home, to whoever may open that file: its owner alone.
 * The caller owns the home, so a socket that is there was left behind and is replaced.
 *
 * On disposal the socket goes first, then the runner, whose operations are told to stop and are
 * waited for, then the connections.
 */
export async function serveOperations(
  home: string,
  runner: OperationRunner,
  log: Log,
): Promise<AsyncDisposable> {
  const server = createServer(operationsApp(runner, log));
  await bind(server, home);
  server.on('error', ({ message }) =>
    log({ level: 'error', event: 'socket', text: `the socket of the node failed: ${message}` }),
  );
  return {
    async [Symbol.asyncDispose]() {
      await rm(join(home, SOCKET_NAME), { force: true });
      await runner[Symbol.asyncDispose]();
      await closeServer(server);
    },
  };
}

/** The socket gets its name when its mode is set, in one step that also replaces an old one. */
async function bind(server: Server, home: string): Promise<void> {
  await using folder = await shortFolder(home);
  const cradle = join(folder.path, SOCKET_CRADLE);
  await rm(cradle, { recursive: true, force: true });
  await mkdir(cradle, { mode: 0o700 });
  const path = join(cradle, SOCKET_NAME);
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  await rename(path, join(folder.path, SOCKET_NAME));
  await rm(cradle, { recursive: true });
}
