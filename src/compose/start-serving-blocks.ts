import type { BlockExchange } from '../core/ports/block-exchange.ts';
import { anyonePermission } from '../core/sharing/permission.ts';
import { serveBlocks } from '../replica/bytes/serve-blocks.ts';
import type { ByteServer } from '../replica/bytes/serve-bytes.ts';
import { Rounds } from '../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Of which files blocks are part is found out soon after entries came, and now and then. */
const RECORD_MS = 15_000;

/**
 * Serves blocks by their CIDs: to members what they may have, to anybody what is public; until
 * disposed of, it keeps the store informed of which assets they belong to.
 */
export function startServingBlocks(
  parts: Pick<PartnerParts, 'archive' | 'log'> &
    Pick<ByteServer, 'mayHave' | 'onDamage' | 'pace'> & { readonly blocks: BlockExchange },
): AsyncDisposable {
  const { archive, log, blocks, mayHave, onDamage, pace } = parts;
  const { ledger, catalog, content } = archive;
  const mayAnyoneHave = anyonePermission(ledger, catalog);
  blocks.serve(
    serveBlocks({
      ...{ content, onDamage, pace },
      mayHave: (peer, asset) => mayHave(peer, asset) || mayAnyoneHave(asset),
    }),
  );
  const recording = new Rounds({
    everyMs: RECORD_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'blocks', error),
    round: (signal) => content.recordParts({ signal }),
  });
  const running = new AsyncDisposableStack();
  running.use(recording).start();
  running.defer(ledger.feed.watch(() => recording.wake()));
  return running;
}
