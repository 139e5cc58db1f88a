import type { LogTrouble } from '../../archive/archive.ts';
import type { Replica } from '../../core/ports/replica.ts';
import { bytesPermission } from '../../core/sharing/permission.ts';
import type { PartnerParts } from './partner-parts.ts';
import { startChallenging } from './start-challenging.ts';
import { startCopying } from './start-copying.ts';
import { startCosigning } from './start-cosigning.ts';
import { startErasing } from './start-erasing.ts';
import { startLevelling } from './start-levelling.ts';
import { startMatching } from './start-matching.ts';
import { startNotingCopies } from './start-noting-copies.ts';
import { startRetiringBrowsers } from './start-retiring-browsers.ts';
import { startServingBlocks } from './start-serving-blocks.ts';

/** Everything that this node does with its partners; it ends when it is disposed. */
export interface PartnerServices extends AsyncDisposable {
  /** To be given to the operations, as `archive.replica`. */
  readonly replica: Replica;
  /** Has partners confirm this home's newest checkpoint now; resolves when each was asked. */
  confirm(): Promise<void>;
  /** What keeps partners' logs from being taken. */
  troubles(): readonly LogTrouble[];
}

/**
 * Keeps this home level with its partners: entries, bytes, proofs that copies are held, and
 * confirmations of checkpoints, each answered and asked for; deletes what was erased; holds what is like
 * something that others have registered as generated; and remembers how partners stood.
 */
export async function startPartnerServices(parts: PartnerParts): Promise<PartnerServices> {
  const { archive, network, blocks, live, log } = parts;
  const mayHave = bytesPermission(archive.ledger, archive.catalog);
  await using services = new AsyncDisposableStack();
  const copying = services.use(startCopying({ ...parts, mayHave }));
  const { onDamage, pace } = copying;
  if (blocks !== undefined && live !== undefined) {
    services.use(startServingBlocks({ archive, log, blocks, live, mayHave, onDamage, pace }));
  }
  services.use(startChallenging({ ...parts, mayHave, onDamage }));
  const cosigning = services.use(await startCosigning(parts));
  const levelling = services.use(startLevelling({ ...parts, onTaken: () => copying.wake() }));
  services.use(startErasing(parts));
  services.use(startRetiringBrowsers(parts));
  services.use(startMatching(parts));
  services.use(startNotingCopies({ ...parts, replica: copying.replica }));
  services.defer(
    network.watch(({ peer, connected }) => {
      log({
        level: 'note',
        event: connected ? 'connected' : 'disconnected',
        text: `${peer} is ${connected ? 'connected' : 'gone'}`,
        details: { peer },
      });
    }),
  );
  const running = services.move();
  return {
    replica: copying.replica,
    confirm: () => cosigning.confirm(),
    troubles: () => levelling.troubles(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
