import { Projector } from '../archive/projector.ts';
import type { Log } from '../core/ports/log.ts';
import { serveOperations } from '../http/serve-operations.ts';
import { type OpenedArchive, openArchive } from './open-archive.ts';
import { type Environs, systemEnvirons } from './system.ts';

export interface NodeOptions {
  readonly log: Log;
  readonly environs?: Environs;
}

/** An archive that is open for as long as the process runs, and serves others. */
export interface RunningNode extends AsyncDisposable {
  readonly archive: OpenedArchive;
  /** To be told by whatever takes entries of others into the ledger. */
  readonly projector: Projector;
}

/**
 * Opens the archive of a home, starts everything that a node runs, and offers the archive to other
 * processes of this user until disposed: then what is under way is stopped, in the opposite order.
 *
 * @throws {ArchiveError} as `openArchive`.
 */
export async function openNode(home: string, options: NodeOptions): Promise<RunningNode> {
  const { log, environs = systemEnvirons } = options;
  await using started = new AsyncDisposableStack();
  const onNotice = (text: string) => log({ level: 'warning', event: 'notice', text });
  const archive = started.use(await openArchive(home, { environs, onNotice }));
  // Services that other nodes are reached through start here, in order, each `started.use(await …)`.
  const projector = started.use(new Projector(archive.catalog, log));
  started.use(await serveOperations(home, archive, log));
  const running = started.move();
  return { archive, projector, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
