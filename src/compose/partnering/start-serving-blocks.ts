import type { Cid } from '../../core/cid.ts';
import type { Catalog } from '../../core/ports/catalog.ts';
import { anyonePermission } from '../../core/sharing/permission.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { serveBlocks } from '../../replica/bytes/serve-blocks.ts';
import type { ByteServer } from '../../replica/bytes/serve-bytes.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Of which files blocks are part is found out soon after entries came, and now and then. */
const RECORD_MS = 15_000;

/**
 * Serves blocks by their CIDs: to members what they may have, to anybody what is public,
 * but no release as it was cut that something was withdrawn from; until
 * disposed of, it keeps the store informed of which assets they belong to.
 */
export function startServingBlocks(
  parts: Pick<PartnerParts, 'archive' | 'log'> &
    Pick<ByteServer, 'mayHave' | 'onDamage' | 'pace'> &
    Required<Pick<PartnerParts, 'blocks' | 'live'>>,
): AsyncDisposable {
  const { archive, log, blocks, live, mayHave, onDamage, pace } = parts;
  const { ledger, catalog, content } = archive;
  const mayAnyoneHave = anyonePermission(ledger, catalog);
  const server = serveBlocks({
    ...{ content, onDamage, pace },
    mayHave: (peer, root) => mayHave(peer, root) || (mayAnyoneHave(root) && !live.isTouched(root)),
  });
  // A release that cannot be brought up to date counts as touched, and its log line says why.
  const look = (cid: Cid) => live.look(cid).catch(() => {});
  blocks.serve({
    ...server,
    async has(peer, cid) {
      await look(cid);
      return server.has(peer, cid);
    },
    async get(peer, cid) {
      await look(cid);
      return server.get(peer, cid);
    },
  });
  const recording = new Rounds({
    everyMs: RECORD_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'blocks', error),
    round: (signal) => content.recordParts({ signal }),
  });
  const closing = new AbortController();
  const looking = lookAtReleases(catalog, mayAnyoneHave, closing.signal).catch((error: unknown) =>
    tellFailure(log, 'blocks', error),
  );
  const running = new AsyncDisposableStack();
  running.defer(async () => {
    closing.abort();
    await looking;
  });
  running.use(recording).start();
  running.defer(ledger.feed.watch(() => recording.wake()));
  return running;
}

/** Has releases looked at before somebody asks. One that fails ends it: whoever asks for the others has them looked at. */
async function lookAtReleases(
  catalog: Pick<Catalog, 'releases'>,
  mayAnyoneHave: (root: Cid) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const turn = takeTurns();
  for (const { release } of catalog.releases()) {
    await turn();
    if (signal.aborted) return;
    mayAnyoneHave(release);
  }
}
