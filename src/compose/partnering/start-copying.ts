import { checkAsset } from '../../archive/copies/check-asset.ts';
import { checkFixity } from '../../archive/copies/check-fixity.ts';
import { eraseFromReleases } from '../../archive/erasing/delete-erased.ts';
import { timestampOf } from '../../archive/now.ts';
import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Replica } from '../../core/ports/replica.ts';
import type { Bandwidth } from '../../core/sharing/bandwidth.ts';
import type { BytesPermission } from '../../core/sharing/permission.ts';
import { ReleaseCopies } from '../../core/sharing/release-copies.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';
import { Pacer } from '../../replica/bytes/pacer.ts';
import { BYTES_PROTOCOL } from '../../replica/bytes/protocol.ts';
import { Replicator } from '../../replica/bytes/replicator.ts';
import { serveBytes } from '../../replica/bytes/serve-bytes.ts';
import { LocalReplica } from '../../replica/local-replica.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, isNotThere, type PartnerParts, pause, tellFailure } from './partner-parts.ts';
import { resting } from './resting.ts';

/** What was not delivered is asked for again after so long, whatever happens. */
const FETCH_AGAIN_MS = 300_000;

/** How often it is looked whether anything here has not been read for long. */
const FIXITY_MS = 86_400_000;

/** The bytes of this home among partners, until disposed. */
export interface Copying extends AsyncDisposable {
  readonly replica: Replica;
  /** Has what is wanted and not here fetched soon. */
  wake(): void;
  /** Has an asset that turned out to be damaged here fetched again. */
  onDamage(asset: Cid): void;
  /** Resolves when so many bytes may go out on this home's line. */
  pace(byteLength: number, signal: AbortSignal): Promise<void>;
}

/** Serves bytes to partners, fetches what is wanted from them, and reads what lies here now and then. */
export function startCopying(parts: PartnerParts & { readonly mayHave: BytesPermission }): Copying {
  const { archive, network, blocks, live, projector, log, settings, mayHave } = parts;
  const { ledger, catalog, content, clock } = archive;
  const line = pacerOf(settings.bandwidth);
  const releases = new ReleaseCopies(archive);
  const releaseTree = (root: Cid) => releases.treeOf(root);
  const disk = pacerOf({ bytesPerSecond: settings.fixityBytesPerSecond });
  const replicator = new Replicator({
    network,
    ...(blocks === undefined ? {} : { blocks }),
    content,
    releaseTree,
    wanted: () => {
      const own = ledger.memberOf(network.did);
      if (own === undefined) return undefined;
      const policies = [own.replica, settings.want].map(parseReplicaPolicy);
      const want = { policies, policy: settings.policy, at: () => timestampOf(clock) };
      return releases.after(catalog.wanted(want), own, policies);
    },
    pacer: line,
    budgetBytes: settings.budgetBytes,
  });
  const replica = new LocalReplica({
    ...{ network, replicator, now: () => timestampOf(clock) },
    check: async (asset, signal) => {
      const size = catalog.access(asset)?.size;
      const stored = size === undefined ? releases.copyOf(asset) : { cid: asset, size };
      if (stored === undefined) return undefined;
      const checked = await checkAsset(content, stored, { signal });
      return checked.outcome === 'intact' ? undefined : { root: asset, ...checked };
    },
  });
  const taken = new Set<Cid>();
  let later: NodeJS.Timeout | undefined;
  const fetching = new Rounds({
    everyMs: FETCH_AGAIN_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'replicate', error),
    round: async (signal) => {
      const { pauseMs } = replicator;
      const report = await replica.replicate({ signal, isPatient: true });
      clearTimeout(later);
      // Whatever woke this round may be what was missing.
      if (pauseMs > 0 && report.unmet > 0) later = setTimeout(() => fetching.wake(), pauseMs);
      for (const { peer, code, text } of report.failures) {
        if (!isNotThere(code)) tellFailure(log, 'replicate', new ArchiveError(code, text), peer);
      }
      if (report.fetched === 0) return;
      await takeReleasesIn();
      const { fetched, receivedBytes, unmet, halted } = report;
      log({
        level: 'note',
        event: 'replicated',
        text: `fetched ${fetched} assets, ${receivedBytes} bytes`,
        details: { fetched, receivedBytes, unmet, halted },
      });
    },
  });
  const checking = new Rounds({
    everyMs: FIXITY_MS,
    gapMs: FIXITY_MS,
    onProblem: (error) => tellFailure(log, 'fixity', error),
    round: async (signal) => {
      if (ledger.isWaiting) return;
      const { assets } = await checkFixity(archive, {
        signal,
        olderThanDays: settings.renewDays,
        pace: (byteLength) => disk.pass(byteLength, signal),
        rest: resting(signal),
        repair: (damaged) => replica.repair(damaged.map((one) => ({ root: one.asset, ...one }))),
      });
      if (assets > 0) projector.news();
    },
  });

  function pacerOf(bandwidth: Bandwidth): Pacer {
    return new Pacer(bandwidth, clock, pause);
  }

  /** Whoever sent one may not have heard yet of what was erased. */
  async function takeReleasesIn(): Promise<void> {
    const all = new Set(catalog.releases().map(({ release }) => release));
    const come = [...all].filter((one) => !taken.has(one) && content.isRoot(one));
    if (come.length === 0) return;
    for (const error of await eraseFromReleases(come, archive)) tellFailure(log, 'erase', error);
    for (const release of come) taken.add(release);
    live?.lookAgain();
  }

  function onDamage(asset: Cid): void {
    replica.noteDamage(asset);
    log({
      level: 'error',
      event: 'damage',
      text: `${asset} is damaged here; it is fetched again from a partner`,
      details: { asset },
    });
    fetching.wake();
  }

  const pace = (byteLength: number, signal: AbortSignal) => line.pass(byteLength, signal);
  const mayHaveAny = (peer: Did, root: Cid) => mayHave(peer, root) || releases.mayHave(peer, root);
  const server = { content, mayHave: mayHaveAny, releaseTree, onDamage, pace };
  network.handle(BYTES_PROTOCOL, (stream, signal) => serveBytes(server, stream, signal));
  const running = new AsyncDisposableStack();
  running.use(replica);
  running.defer(() => clearTimeout(later));
  running.use(fetching).start();
  running.use(checking).start();
  running.defer(network.watch(({ connected }) => connected && fetching.wake()));
  return {
    replica,
    onDamage,
    pace,
    wake: () => fetching.wake(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
