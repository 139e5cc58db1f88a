import { SqliteCosignerMemory } from '../../ledger/checkpoints/cosigner-memory.ts';
import { verifySignature } from '../../ledger/keys/verify-signature.ts';
import { Cosigning } from '../../replica/cosigning/cosigning.ts';
import { type PartnerParts, tellFailure } from './partner-parts.ts';

const LOOK_FOR_CHECKPOINT_MS = 2_000;

/** A cosigning node with the memory that it must not lose, until disposed. */
export interface StartedCosigning extends AsyncDisposable {
  /** Has partners confirm this home's newest checkpoint now; resolves when each was asked. */
  confirm(): Promise<void>;
}

/** Confirms what partners' logs say, and has this home's checkpoints confirmed. */
export async function startCosigning(parts: PartnerParts): Promise<StartedCosigning> {
  const { archive, network, signer, projector, log, settings } = parts;
  const { ledger, clock, sha256, paths } = archive;
  await using opened = new AsyncDisposableStack();
  const memory = opened.use(SqliteCosignerMemory.open(paths.witness));
  const cosigning = opened.use(
    new Cosigning({
      network,
      ledger,
      feed: ledger.feed,
      cosigner: { signer, memory, verify: verifySignature, sha256 },
      clock,
      intervalMs: settings.checkpointMs,
      pollMs: LOOK_FOR_CHECKPOINT_MS,
      onCheckpoint: () => projector.news(),
      onSplit: (peer, notes) => ledger.feeds.accuse({ peer, sort: 'rewritten', notes }),
      onProblem: (error) => tellFailure(log, 'checkpoint', error),
    }),
  );
  cosigning.start();
  const running = opened.move();
  return {
    confirm: () => cosigning.confirm(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
