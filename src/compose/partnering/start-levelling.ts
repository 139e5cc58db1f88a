import type { LogTrouble } from '../../archive/archive.ts';
import { enactReady } from '../../archive/governing/propose.ts';
import { verifySignature } from '../../ledger/keys/verify-signature.ts';
import { recordReaders } from '../../replica/feed/record-readers.ts';
import { Syncing } from '../../replica/feed/syncing.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, isPeersFault, type PartnerParts, tellFailure } from './partner-parts.ts';

/** What a failure left is looked at again after so long; entries that come wake it at once. */
const GOVERN_MS = 300_000;

/** The ledger of this home among others, until disposed. */
export interface Levelling extends AsyncDisposable {
  /** What keeps partners' logs from being taken, since each was taken last. */
  troubles(): readonly LogTrouble[];
}

/**
 * Keeps this home's ledger level with its partners', and does what follows from what came: proposals
 * with enough approvals are enacted where this home is a steward's, and records asked for again that
 * it may have by now, and whoever may be in now is. `onTaken` is told when the catalog knows of what was taken.
 */
export function startLevelling(parts: PartnerParts & { readonly onTaken: () => void }): Levelling {
  const { archive, network, projector, log, onTaken } = parts;
  const { ledger, catalog, clock, sha256 } = archive;
  const syncing = new Syncing({
    network,
    feed: ledger.feed,
    feeds: ledger.feeds,
    verify: verifySignature,
    sha256,
    mayHave: recordReaders(ledger, catalog),
    clock,
    onNews: () => {
      projector.news();
      followUp().catch((error) => tellFailure(log, 'sync', error));
    },
    onLevel: () => {
      if (ledger.isWaiting) ledger.endWait();
    },
    onTrouble: (peer, error) => {
      if (isPeersFault(error.code)) network.complain(peer, error);
      else tellFailure(log, 'sync', error, peer);
    },
  });
  let access = accessNow();
  const governing = new Rounds({
    everyMs: GOVERN_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'govern', error),
    round: async () => {
      if (!ledger.isWaiting && (await enactReady(archive)).length > 0) projector.news();
      await projector.settled();
      const before = access;
      access = accessNow();
      if (access === before) return;
      syncing.askForRecords();
      await network.recheck();
    },
  });

  async function followUp(): Promise<void> {
    await projector.settled();
    onTaken();
    await network.recheck();
  }

  function accessNow(): string {
    return JSON.stringify([ledger.members(), [...catalog.collectionAccesses()]]);
  }

  const running = new AsyncDisposableStack();
  running.use(governing).start();
  running.use(syncing).start();
  running.defer(ledger.feed.watch(() => governing.wake()));
  return {
    troubles: () =>
      syncing.peers().flatMap(({ peer, lastError }) => {
        return lastError === undefined ? [] : [{ peer, ...lastError }];
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
