import { type Did, isDid } from '../../core/entries/did-key.ts';
import { type Member, seesEntries } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/environment.ts';
import type { CosignatureLines, Ledger } from '../../core/ports/ledger.ts';
import type { LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { Network } from '../../core/ports/network.ts';
import type { Role } from '../../core/statements/kinds.ts';
import type { Cosigner } from '../../core/witnessing/add-checkpoint.ts';
import { answerCosign } from './answer-cosign.ts';
import { askCosignature } from './ask-cosignature.ts';
import { COSIGN } from './protocol.ts';

/** Roles whose word on a checkpoint is asked for. */
const WITNESSING: ReadonlySet<Role> = new Set<Role>(['steward', 'partner', 'witness']);

/** A statement holds no more. */
const MAX_COSIGNATURES = 64;

/** One peer has so long to answer; the others are asked meanwhile. */
const PATIENCE_MS = 20_000;

interface CosigningOptions {
  readonly network: Pick<Network, 'open' | 'handle' | 'peers'>;
  readonly ledger: Pick<
    Ledger,
    'self' | 'charterCid' | 'isWaiting' | 'memberOf' | 'checkpoint' | 'checkpointState'
  >;
  readonly feed: Pick<LedgerFeed, 'head' | 'consistencyProof'>;
  readonly cosigner: Pick<Cosigner, 'signer' | 'memory' | 'verify' | 'sha256'>;
  readonly clock: Clock;
  /** At most one checkpoint in so long. */
  readonly intervalMs: number;
  /** How often it is looked whether one is due. */
  readonly pollMs: number;
  /** Told when a checkpoint has been appended. */
  readonly onCheckpoint: () => void;
  /** Told of two notes by one key that contradict each other, which are kept by then. */
  readonly onSplit: (by: Did, notes: readonly [string, string]) => void;
  /** Told what went wrong with a peer; the round goes on without it. */
  readonly onProblem: (error: ArchiveError) => void;
}

/**
 * Makes this home's checkpoints, has others confirm them, and confirms theirs (ledger.md §6).
 *
 * An entry is written only if something that calls for a checkpoint arrived since the last one, or an
 * organisation has confirmed such things that had not before; at most one in an interval. Nothing else is:
 * an idle archive is left alone.
 */
export class Cosigning implements AsyncDisposable {
  readonly #options: CosigningOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: CosigningOptions) {
    this.#options = options;
  }

  /** Answers others from now on, and looks after this home's own checkpoints until disposed. */
  start(): void {
    const { network, cosigner, clock, pollMs, onSplit } = this.#options;
    const { memory } = cosigner;
    network.handle(
      COSIGN,
      answerCosign({
        ...cosigner,
        memory: {
          latest: (origin) => memory.latest(origin),
          advance: (origin, oldSize, tree) => memory.advance(origin, oldSize, tree),
          keepSplit: (origin, one, other) => {
            memory.keepSplit(origin, one, other);
            const by = this.#keyOf(origin);
            if (by !== undefined) onSplit(by, [one, other]);
          },
        },
        keyOf: (origin) => this.#keyOf(origin),
        now: () => Math.floor(clock() / 1000),
      }),
    );
    this.#timer = setInterval(() => void this.round(), pollMs);
    this.#timer.unref();
  }

  /**
   * Looks once whether a checkpoint is due or can be confirmed. Never rejects; rounds do not overlap.
   * Durable when it resolves.
   */
  round(): Promise<void> {
    this.#round ??= this.#look().finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /** As {@link Cosigning.round}, without waiting for the interval to be over. */
  async confirm(): Promise<void> {
    await this.#round;
    this.#lastAt = Number.NEGATIVE_INFINITY;
    await this.round();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort(new ArchiveError('aborted', 'the node is stopping'));
    await this.#round;
  }

  async #look(): Promise<void> {
    try {
      const { clock, intervalMs, onCheckpoint } = this.#options;
      if (this.#stopping.signal.aborted || clock() - this.#lastAt < intervalMs) return;
      if (!this.#mayAppend() || !(await this.#confirm())) return;
      this.#lastAt = clock();
      onCheckpoint();
    } catch (error) {
      this.#report(error);
    }
  }

  /** A witness authors nothing, nor does a home that is no member yet or waits for a partner. */
  #mayAppend(): boolean {
    const { ledger } = this.#options;
    const own = ledger.memberOf(ledger.self.did);
    return !ledger.isWaiting && own !== undefined && seesEntries(own);
  }

  /** Says whether an entry was appended. */
  async #confirm(): Promise<boolean> {
    const { ledger, feed } = this.#options;
    const state = ledger.checkpointState();
    if (state.isDue) {
      const head = feed.head();
      const cosignatures = await this.#collect(head, new Set());
      await ledger.checkpoint({ cosigned: { note: head.note, cosignatures } });
      return true;
    }
    const { newest, isWorthConfirming, confirmedBy } = state;
    if (newest === undefined || !isWorthConfirming) return false;
    const fresh = await this.#collect(newest, confirmedBy);
    if (fresh.length === 0) return false;
    const cosignatures = [...newest.cosignatures, ...fresh].slice(-MAX_COSIGNATURES);
    await ledger.checkpoint({ cosigned: { note: newest.note, cosignatures } });
    return true;
  }

  /** Asks one connected peer of each other organisation that has not confirmed yet, all at once. */
  async #collect(
    checkpoint: { readonly size: number; readonly note: string },
    confirmedBy: ReadonlySet<string>,
  ): Promise<CosignatureLines[]> {
    const { network, ledger, feed, cosigner } = this.#options;
    const members = new Map<string, Member>();
    for (const { peer } of network.peers()) {
      const member = ledger.memberOf(peer);
      if (member === undefined || !member.roles.some((role) => WITNESSING.has(role))) continue;
      const { organisation } = member;
      if (organisation === ledger.self.organisation || confirmedBy.has(organisation)) continue;
      members.set(organisation, { ...member, id: peer });
    }
    const asker = { network, feed, ...cosigner };
    const asked = [...members.values()].slice(0, MAX_COSIGNATURES).map(async (member) => {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      const signal = AbortSignal.any([patience, this.#stopping.signal]);
      try {
        const note = await askCosignature(asker, member.id, checkpoint, signal);
        return [{ organisation: member.organisation, note }];
      } catch (error) {
        this.#report(error);
        return [];
      }
    });
    return (await Promise.all(asked)).flat();
  }

  /** A tree of this archive is named by its charter, the key of a member, and an epoch. */
  #keyOf(origin: string): Did | undefined {
    const { ledger } = this.#options;
    const [charter, did, epoch, more] = origin.split('/');
    if (charter !== ledger.charterCid || epoch === undefined || more !== undefined)
      return undefined;
    return isDid(did) && this.#isKnown(did) ? did : undefined;
  }

  /** A witness knows no members, since it is shown no entries: it confirms the logs of those it calls. */
  #isKnown(key: Did): boolean {
    const { ledger, network } = this.#options;
    if (ledger.memberOf(key) !== undefined) return true;
    if (ledger.memberOf(ledger.self.did) !== undefined) return false;
    return network.peers().some(({ peer, direction }) => peer === key && direction === 'outbound');
  }

  #report(error: unknown): void {
    if (error instanceof ArchiveError && error.code === 'aborted') return;
    this.#options.onProblem(
      error instanceof ArchiveError
        ? error
        : new ArchiveError('internal', `a checkpoint could not be confirmed: ${String(error)}`, {
            cause: error,
          }),
    );
  }
}
