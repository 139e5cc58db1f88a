import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Member } from '../../core/entries/standing.ts';
import { toHex } from '../../core/hash.ts';
import type { Catalog } from '../../core/ports/catalog.ts';
import type { RandomBytes } from '../../core/ports/environment.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { WantedFeed } from '../../core/ports/replica-wants.ts';
import { type LastProof, lastProof } from '../../core/sharing/last-proof.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { createSet } from '../../core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { type ChallengedAsset, type Challenger, challengePeer } from './challenge-peer.ts';

/** Assets in one round: one page of a set, so that a round is one small entry. */
const MAX_ROUND = 16_384;

/** Looked at together in the catalog. */
const FEED_PAGE = 256;

const DAY_MS = 86_400_000;

interface ChallengeRoundsParts extends Challenger {
  readonly catalog: Pick<Catalog, 'wanted' | 'facts'>;
  readonly ledger: Pick<Ledger, 'memberOf' | 'append' | 'isAncestor'>;
  readonly randomBytes: RandomBytes;
  /** UTC in whole seconds, as statements carry it. */
  readonly now: () => string;
  /** Name of the policy by which `eligible` is decided. */
  readonly policy: string;
  /** A copy that was proven so long ago is challenged again. */
  readonly renewDays: number;
}

interface RoundReport {
  readonly proven: number;
  /** Copies that were proven before and are no longer. */
  readonly lost: number;
  /** Assets that the peer says it does not hold yet. */
  readonly unheld: number;
}

interface PeerState {
  feed: WantedFeed;
  /** When everything is looked at again, since copies get old without a word. */
  renewAt: string;
  /** Assets whose copy has to be shown, with what was said of it last. */
  readonly due: Map<Cid, LastProof>;
  silences: number;
}

/**
 * Has partners show what they hold, and records what came of it: at most one entry per partner and
 * round, about sets. Nothing is written where nothing is due.
 *
 * A partner is asked about what its replica policy covers and this node holds itself, as long as the
 * ledger has no fresh proof by anybody. Only a copy that was proven can be lost: somebody who is
 * still fetching has failed nothing. Silence counts from the second time in a row.
 */
export class ChallengeRounds {
  readonly #parts: ChallengeRoundsParts;
  readonly #peers = new Map<Did, PeerState>();

  constructor(parts: ChallengeRoundsParts) {
    this.#parts = parts;
  }

  /**
   * Challenges one peer about what is due; what came of it is durable when it resolves.
   *
   * @throws {ArchiveError} `peer_unreachable`, `peer_refused`, `aborted`; `statement_rejected` if this
   * home's role may not say what others hold.
   */
  async challenge(peer: Did, signal: AbortSignal): Promise<RoundReport> {
    const { ledger, randomBytes } = this.#parts;
    const member = ledger.memberOf(peer);
    if (member === undefined) return NOTHING;
    const state = await this.#look(member, peer);
    const assets = [...state.due.keys()].slice(0, MAX_ROUND);
    if (assets.length === 0) return NOTHING;
    const nonce = randomBytes(16);
    const challenged = await challengePeer(this.#parts, peer, { nonce, assets }, signal);
    const isSilent = challenged.some(({ outcome }) => outcome === 'no-answer');
    state.silences = isSilent ? state.silences + 1 : 0;
    const outcomes = sorted(challenged, state);
    await this.#record(peer, member, nonce, outcomes);
    for (const { asset } of outcomes.proven) state.due.delete(asset);
    const lost = [...outcomes.failed, ...outcomes['no-answer']];
    for (const { asset } of lost) state.due.set(asset, { state: 'lost', at: this.#parts.now() });
    const unheld = challenged.filter(({ outcome }) => outcome === 'unheld').length;
    return { proven: outcomes.proven.length, lost: lost.length, unheld };
  }

  /** Gathers what is due, going through everything once a day and through what changed in between. */
  async #look(member: Member, peer: Did): Promise<PeerState> {
    const { catalog, content, ledger, now, policy, renewDays } = this.#parts;
    const known = this.#peers.get(peer);
    const isFresh = known !== undefined && now() < known.renewAt;
    const policies = [parseReplicaPolicy(member.replica)];
    const state: PeerState = isFresh
      ? known
      : {
          feed: catalog.wanted({ policies, policy, at: now }),
          renewAt: daysAfter(now(), 1),
          due: new Map(),
          silences: known?.silences ?? 0,
        };
    this.#peers.set(peer, state);
    const renewBefore = daysAfter(now(), -renewDays);
    for (let isEnd = false; !isEnd && state.due.size < MAX_ROUND; ) {
      const page = state.feed.next(FEED_PAGE);
      isEnd = page.isEnd;
      for (const { cid } of page.assets) {
        const facts = content.isRoot(cid) ? catalog.facts(cid) : undefined;
        if (facts === undefined) continue;
        const last = lastProof(facts, peer, (one, other) => ledger.isAncestor(one, other));
        if (last.state !== 'proven' || last.at < renewBefore) state.due.set(cid, last);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return state;
  }

  async #record(holder: Did, member: Member, nonce: Uint8Array, outcomes: Outcomes): Promise<void> {
    const { ledger, now, sha256 } = this.#parts;
    const { organisation } = member;
    const said = RECORDED.flatMap((outcome) => {
      const challenged = outcomes[outcome];
      if (challenged.length === 0) return [];
      const set = createSet(
        challenged.map(({ asset }) => asset),
        sha256,
      );
      const bytes = challenged.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const body: BodyOf<'holding'> = { holder, organisation, nonce: toHex(nonce), outcome, bytes };
      const statement: StatementOutline = createStatement('holding', { set: set.cid }, now(), body);
      return [{ statement, documents: set.blocks }];
    });
    if (said.length === 0) return;
    await ledger.append({
      statements: said.map(({ statement }) => statement),
      records: [],
      documents: said.flatMap(({ documents }) => documents),
    });
  }
}

const NOTHING: RoundReport = { proven: 0, lost: 0, unheld: 0 };

const RECORDED = ['proven', 'failed', 'no-answer'] as const;

type Outcomes = Readonly<Record<(typeof RECORDED)[number], readonly ChallengedAsset[]>>;

/** Returns what is worth recording. */
function sorted(challenged: readonly ChallengedAsset[], { due, silences }: PeerState): Outcomes {
  const wasProven = ({ asset }: ChallengedAsset) => due.get(asset)?.state === 'proven';
  const lost = challenged.filter(wasProven);
  return {
    proven: challenged.filter(({ outcome }) => outcome === 'proven'),
    failed: lost.filter(({ outcome }) => outcome === 'failed' || outcome === 'unheld'),
    'no-answer': silences < 2 ? [] : lost.filter(({ outcome }) => outcome === 'no-answer'),
  };
}

/** Returns the moment so many days later, as statements carry it. */
function daysAfter(at: string, days: number): string {
  return `${new Date(Date.parse(at) + days * DAY_MS).toISOString().slice(0, 19)}Z`;
}
