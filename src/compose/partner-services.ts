import { setTimeout as delay } from 'node:timers/promises';
import { checkAsset } from '../archive/check-asset.ts';
import { checkFixity } from '../archive/check-fixity.ts';
import { timestampOf } from '../archive/now.ts';
import type { Projector } from '../archive/projector.ts';
import { enactReady } from '../archive/propose.ts';
import { throwIfAborted } from '../core/abort.ts';
import type { Cid } from '../core/cid.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError, asArchiveError, type ErrorCode } from '../core/errors.ts';
import type { Signer } from '../core/ports/keys.ts';
import type { Log } from '../core/ports/log.ts';
import type { Network } from '../core/ports/network.ts';
import type { Replica } from '../core/ports/replica.ts';
import type { Bandwidth } from '../core/sharing/bandwidth.ts';
import { parseReplicaPolicy } from '../core/sharing/replica-policy.ts';
import { SqliteCosignerMemory } from '../ledger/cosigner-memory.ts';
import { verifySignature } from '../ledger/verify-signature.ts';
import { Pacer } from '../replica/bytes/pacer.ts';
import { bytesPermission } from '../replica/bytes/permission.ts';
import { BYTES_PROTOCOL } from '../replica/bytes/protocol.ts';
import { Replicator } from '../replica/bytes/replicator.ts';
import { serveBytes } from '../replica/bytes/serve-bytes.ts';
import { answerChallenges } from '../replica/challenge/answer-challenges.ts';
import { ChallengeRounds } from '../replica/challenge/challenge-rounds.ts';
import { CHALLENGE_PROTOCOL } from '../replica/challenge/protocol.ts';
import { Cosigning } from '../replica/cosigning/cosigning.ts';
import { recordReaders } from '../replica/feed/record-readers.ts';
import { Syncing } from '../replica/feed/syncing.ts';
import { LocalReplica } from '../replica/local-replica.ts';
import { Rounds } from '../replica/rounds.ts';
import type { OpenedArchive } from './open-archive.ts';

/** What of this home's line and disk partners may use, and how often they are looked after. */
interface ReplicaSettings {
  readonly bandwidth: Bandwidth;
  /** Bytes of packs beyond which nothing more is fetched; undefined for no bound. */
  readonly budgetBytes: number | undefined;
  /** What is held of what was granted: a replica policy, `all` for everything. */
  readonly want: string;
  /** Name of the policy by which a replica of what is `eligible` is decided. */
  readonly policy: string;
  /** Days after which a proven copy has to be shown again; policies ask for less than 90. */
  readonly renewDays: number;
  /** How fast the daily check of what lies here reads. */
  readonly fixityBytesPerSecond: number;
  /** Milliseconds between two checkpoints, at the least. */
  readonly checkpointMs: number;
  /** Milliseconds between two looks at what partners hold. */
  readonly challengeMs: number;
}

const REPLICA_SETTINGS: ReplicaSettings = {
  bandwidth: {},
  budgetBytes: undefined,
  want: 'all',
  policy: 'corroborated',
  renewDays: 30,
  fixityBytesPerSecond: 20_000_000,
  checkpointMs: 60_000,
  challengeMs: 60_000,
};

/** How often it is looked whether anything here has not been read for long. */
const FIXITY_MS = 86_400_000;

/** What was not delivered is asked for again after so long, whatever happens. */
const FETCH_AGAIN_MS = 300_000;

/** What a failure left is looked at again after so long; entries that come wake it at once. */
const GOVERN_MS = 300_000;

/** News within so long is one piece of news. */
const GAP_MS = 500;

const LOOK_FOR_CHECKPOINT_MS = 2_000;

const NOT_THERE: ReadonlySet<ErrorCode> = new Set(['peer_refused', 'peer_unreachable']);

interface PartnerParts {
  readonly archive: OpenedArchive;
  readonly network: Network;
  readonly signer: Signer;
  readonly projector: Projector;
  readonly log: Log;
  readonly settings?: Partial<ReplicaSettings>;
}

/** Everything that this node does with its partners; it ends when it is disposed. */
export interface PartnerServices extends AsyncDisposable {
  readonly syncing: Syncing;
  /** To be given to the operations, as `archive.replica`. */
  readonly replica: Replica;
  /** Has partners confirm this home's newest checkpoint now; resolves when each was asked. */
  confirm(): Promise<void>;
  /** Has what is wanted fetched soon, and partners asked to show what they hold. */
  wake(): void;
}

/**
 * Keeps this home level with its partners: entries, bytes, proofs that copies are held, and
 * confirmations of checkpoints, each answered and asked for. Where this home is a steward's, a proposal
 * is enacted once enough entries with approvals are here.
 */
export function startPartnerServices(parts: PartnerParts): PartnerServices {
  const { archive, network, signer, projector, log } = parts;
  const { ledger, catalog, content, clock, randomBytes, sha256 } = archive;
  const settings = { ...REPLICA_SETTINGS, ...parts.settings };
  const services = new AsyncDisposableStack();
  const tell = (event: string, error: unknown, peer?: Did) => {
    const { code, message } = asArchiveError(error);
    const details = { code, ...(peer === undefined ? {} : { peer }) };
    log({ level: 'warning', event, text: message, details });
  };
  const onDamage = (asset: Cid) => {
    replica.noteDamage(asset);
    log({
      level: 'error',
      event: 'damage',
      text: `${asset} is damaged here; it is fetched again from a partner`,
      details: { asset },
    });
  };

  const mayHave = bytesPermission(ledger, catalog);
  const pacerOf = (bandwidth: Bandwidth) =>
    new Pacer(bandwidth, clock, async (ms, signal) => {
      await delay(ms, undefined, { signal }).catch(() => throwIfAborted(signal));
    });
  const line = pacerOf(settings.bandwidth);
  const disk = pacerOf({ bytesPerSecond: settings.fixityBytesPerSecond });
  const pace = (byteLength: number, signal: AbortSignal) => line.pass(byteLength, signal);
  network.handle(BYTES_PROTOCOL, (stream, signal) =>
    serveBytes({ content, mayHave, onDamage, pace }, stream, signal),
  );
  const holder = { content, sha256, onDamage, did: network.did };
  network.handle(CHALLENGE_PROTOCOL, (stream, signal) =>
    answerChallenges({ ...holder, mayHave }, stream, signal),
  );

  const replicator = new Replicator({
    network,
    content,
    wanted: () => {
      const own = ledger.memberOf(network.did);
      if (own === undefined) return undefined;
      const policies = [own.replica, settings.want].map(parseReplicaPolicy);
      return catalog.wanted({ policies, policy: settings.policy, at: () => timestampOf(clock) });
    },
    pacer: line,
    budgetBytes: settings.budgetBytes,
  });
  const replica = services.use(
    new LocalReplica({
      ...{ network, replicator, now: () => timestampOf(clock) },
      check: async (asset, signal) => {
        const size = catalog.access(asset)?.size;
        if (size === undefined) return undefined;
        const checked = await checkAsset(content, { cid: asset, size }, { signal });
        return checked.outcome === 'intact' ? undefined : { root: asset, ...checked };
      },
    }),
  );
  const fetching = services.use(
    new Rounds({
      everyMs: FETCH_AGAIN_MS,
      gapMs: GAP_MS,
      onProblem: (error) => tell('replicate', error),
      round: async (signal) => {
        const report = await replica.replicate({ signal });
        for (const { peer, code, text } of report.failures) {
          tell('replicate', new ArchiveError(code, text), peer);
        }
        if (report.fetched === 0) return;
        const { fetched, receivedBytes, unmet, halted } = report;
        log({
          level: 'note',
          event: 'replicated',
          text: `fetched ${fetched} assets, ${receivedBytes} bytes`,
          details: { fetched, receivedBytes, unmet, halted },
        });
      },
    }),
  );

  const rounds = new ChallengeRounds({
    ...holder,
    network,
    catalog,
    ledger,
    randomBytes,
    now: () => timestampOf(clock),
    policy: settings.policy,
    renewDays: settings.renewDays,
  });
  const challenging = services.use(
    new Rounds({
      everyMs: settings.challengeMs,
      gapMs: GAP_MS,
      onProblem: (error) => tell('challenge', error),
      round: async (signal) => {
        if (ledger.isWaiting) return;
        for (const { peer, standing } of network.peers()) {
          if (standing !== 'member') continue;
          try {
            const { proven, lost } = await rounds.challenge(peer, signal);
            if (proven + lost > 0) projector.news();
          } catch (error) {
            throwIfAborted(signal);
            // One that has only just come in, or is leaving, is asked the next time.
            if (!NOT_THERE.has(asArchiveError(error).code)) tell('challenge', error, peer);
          }
        }
      },
    }),
  );

  const checking = services.use(
    new Rounds({
      everyMs: FIXITY_MS,
      gapMs: FIXITY_MS,
      onProblem: (error) => tell('fixity', error),
      round: async (signal) => {
        if (ledger.isWaiting) return;
        const { assets } = await checkFixity(archive, {
          signal,
          olderThanDays: settings.renewDays,
          pace: (byteLength) => disk.pass(byteLength, signal),
          repair: (damaged) => replica.repair(damaged.map((one) => ({ root: one.asset, ...one }))),
        });
        if (assets > 0) projector.news();
      },
    }),
  );

  const cosigning = services.use(
    new Cosigning({
      network,
      ledger,
      feed: ledger.feed,
      cosigner: {
        signer,
        memory: services.use(SqliteCosignerMemory.open(archive.paths.witness)),
        verify: verifySignature,
        sha256,
      },
      clock,
      intervalMs: settings.checkpointMs,
      pollMs: LOOK_FOR_CHECKPOINT_MS,
      onCheckpoint: () => projector.news(),
      onSplit: (peer, notes) => ledger.feeds.accuse({ peer, sort: 'rewritten', notes }),
      onProblem: (error) => tell('checkpoint', error),
    }),
  );

  /** What is done once the catalog knows of what was taken. */
  async function followUp(): Promise<void> {
    await projector.settled();
    fetching.wake();
    await network.recheck();
  }
  const syncing = services.use(
    new Syncing({
      network,
      feed: ledger.feed,
      feeds: ledger.feeds,
      verify: verifySignature,
      sha256,
      mayHave: recordReaders(ledger, catalog),
      clock,
      onNews: () => {
        projector.news();
        followUp().catch((error) => tell('sync', error));
      },
      onLevel: () => {
        if (ledger.isWaiting) ledger.endWait();
      },
      onTrouble: (peer, error) => tell('sync', error, peer),
    }),
  );
  const accessNow = () => JSON.stringify([ledger.members(), [...catalog.collectionAccesses()]]);
  let access = accessNow();
  const governing = services.use(
    new Rounds({
      everyMs: GOVERN_MS,
      gapMs: GAP_MS,
      onProblem: (error) => tell('govern', error),
      round: async () => {
        if (!ledger.isWaiting && (await enactReady(archive)).length > 0) projector.news();
        await projector.settled();
        const before = access;
        access = accessNow();
        if (access !== before) syncing.askForRecords();
      },
    }),
  );
  services.defer(ledger.feed.watch(() => governing.wake()));
  const unwatch = network.watch(({ peer, connected }) => {
    log({
      level: 'note',
      event: connected ? 'connected' : 'disconnected',
      text: `${peer} is ${connected ? 'connected' : 'gone'}`,
      details: { peer },
    });
    if (connected) fetching.wake();
  });
  services.defer(unwatch);
  syncing.start();
  cosigning.start();
  fetching.start();
  challenging.start();
  checking.start();
  governing.start();
  return {
    syncing,
    replica,
    confirm: () => cosigning.confirm(),
    wake: () => {
      fetching.wake();
      challenging.wake();
    },
    [Symbol.asyncDispose]: () => services.disposeAsync(),
  };
}
