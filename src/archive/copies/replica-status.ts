import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Member } from '../../core/entries/standing.ts';
import type { ReplicationReport } from '../../core/ports/replica.ts';
import { lastProof } from '../../core/sharing/last-proof.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { type LogLevel, logLevel } from '../log-level.ts';
import { memberName } from '../member-name.ts';
import { timestampOf } from '../now.ts';
import { SharedAnswer } from './shared-answer.ts';

/** What of one collection a node is to hold, and what is known of it. */
export interface CollectionCopies {
  /** Salted id. */
  readonly collection: string;
  /** Empty where it is not known here. */
  readonly name: string;
  /** Assets that the node's replica policy covers. */
  readonly wanted: number;
  /** Of these, how many it holds: known of this home alone, null for others. */
  readonly held: number | null;
  /** Of these, how many copies of the node the ledger has a standing proof for. */
  readonly proven: number;
  /** Of these, how many were proven and then found damaged or gone. */
  readonly lost: number;
}

export interface NodeCopies {
  readonly did: Did;
  /** What the member is called; empty if that is not known. */
  readonly name: string;
  readonly organisation: string;
  readonly replica: string;
  readonly isThisHome: boolean;
  /** False where no node runs for this home. */
  readonly connected: boolean;
  /** Since the node was started; null if not heard of. */
  readonly lastContact: string | null;
  /** How far its log and this home's are apart; null for this home and before the first contact. */
  readonly level: LogLevel | null;
  readonly wanted: number;
  readonly held: number | null;
  readonly proven: number;
  readonly lost: number;
  /** An asset in two collections is in both. */
  readonly collections: readonly CollectionCopies[];
}

export interface ReplicaStatus {
  readonly nodes: readonly NodeCopies[];
  /** The last pass of the running node: what nobody delivers, and why; null without one. */
  readonly lastPass: { readonly at: string; readonly report: ReplicationReport } | null;
}

type StatusParts = Pick<Archive, 'content' | 'ledger' | 'feeds' | 'catalog' | 'clock' | 'replica'>;

export interface CountingOptions {
  readonly policy: string;
  /**
   * Whether counts will do that were made some time ago: four times as long as counting takes, at most, or before
   * anything changed.
   */
  readonly isKept?: boolean | undefined;
  /** Leaves this home itself out. */
  readonly isOfOthers?: boolean;
  /** Is awaited after some hundred assets, for whoever has time. */
  readonly rest?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Looked up together. */
const PAGE = 256;

/**
 * Returns for each node that is to hold anything, this home first, what it is to hold, does hold and
 * has shown that it holds. Looks at every asset that each is to hold, so it takes a while where they
 * are many; nothing else waits for it.
 *
 * @throws {ArchiveError} `aborted`, `policy_unknown`.
 */
export async function replicaStatus(
  parts: StatusParts,
  options: CountingOptions,
): Promise<ReplicaStatus> {
  const { ledger, replica } = parts;
  const all = nodesOf(ledger.members(), ledger.self.did);
  const nodes =
    options.isOfOthers === true ? all.filter(({ key }) => key !== ledger.self.did) : all;
  const counted = await (options.isKept === true ? keptCounts : countEach)(parts, nodes, options);
  const contacts = new Map(replica?.contacts().map((contact) => [contact.did, contact]));
  const told = counted.map(({ key, member, copies }): NodeCopies => {
    const contact = contacts.get(key);
    return {
      did: key,
      name: memberName(member.id, ledger),
      organisation: member.organisation,
      replica: member.replica,
      isThisHome: key === ledger.self.did,
      connected: contact?.connected ?? false,
      lastContact: contact?.lastContact ?? null,
      level: key === ledger.self.did ? null : logLevel(key, parts),
      ...copies,
    };
  });
  return { nodes: told, lastPass: replica?.lastPass ?? null };
}

/** A key that is to hold something: each is a node of its own. */
interface HoldingNode {
  readonly key: Did;
  readonly member: Member;
}

type CountedNode = HoldingNode & { readonly copies: Copies };

type Copies = Pick<NodeCopies, 'wanted' | 'held' | 'proven' | 'lost' | 'collections'>;

/** What was asked last of each open archive, and the answer to it. */
const lastCounts = new WeakMap<
  StatusParts['catalog'],
  { readonly asked: string; readonly counts: SharedAnswer<readonly CountedNode[]> }
>();

/** Returns what {@link countEach} does, as of some time ago where that takes long; at once where nothing has changed. */
function keptCounts(
  parts: StatusParts,
  nodes: readonly HoldingNode[],
  options: CountingOptions,
): Promise<readonly CountedNode[]> {
  const asked = JSON.stringify([options.policy, options.isOfOthers, nodes]);
  const last = lastCounts.get(parts.catalog);
  const counts = last?.asked === asked ? last.counts : new SharedAnswer<readonly CountedNode[]>();
  lastCounts.set(parts.catalog, { asked, counts });
  // What is eligible may be so no longer when time has passed.
  const isTimeless = nodes.every(({ member }) => member.replica !== 'eligible');
  const state = isTimeless ? `${parts.catalog.version()} ${parts.content.changes()}` : undefined;
  const find = (signal: AbortSignal) => countEach(parts, nodes, { ...options, signal });
  return counts.get(find, state, options.signal);
}

async function countEach(
  parts: StatusParts,
  nodes: readonly HoldingNode[],
  options: CountingOptions,
): Promise<readonly CountedNode[]> {
  const names = new Map(parts.catalog.collections().map(({ id, name }) => [id, name]));
  const counted: CountedNode[] = [];
  for (const { key, member } of nodes) {
    counted.push({ key, member, copies: await copiesOf(parts, key, member, names, options) });
  }
  return counted;
}

function nodesOf(members: readonly Member[], self: Did): readonly HoldingNode[] {
  const nodes = members
    .filter(({ replica }) => replica !== 'none')
    .flatMap((member) => member.keys.map((key) => ({ key, member })));
  return nodes.sort((a, b) => Number(b.key === self) - Number(a.key === self));
}

interface Counts {
  wanted: number;
  held: number;
  proven: number;
  lost: number;
}

async function copiesOf(
  { content, ledger, catalog, clock }: StatusParts,
  key: Did,
  member: Member,
  names: ReadonlyMap<string, string>,
  { policy, rest, signal }: CountingOptions,
): Promise<Copies> {
  const isThisHome = key === ledger.self.did;
  const isAncestor = (one: EntryHash, other: EntryHash) => ledger.isAncestor(one, other);
  const stateOf = (cid: Cid) => {
    const facts = catalog.facts(cid);
    return facts === undefined ? 'none' : lastProof(facts, key, isAncestor).state;
  };
  const policies = [parseReplicaPolicy(member.replica)];
  const feed = catalog.wanted({ policies, policy, at: () => timestampOf(clock) });
  const total: Counts = { wanted: 0, held: 0, proven: 0, lost: 0 };
  const byCollection = new Map<string, Counts>();
  const turn = takeTurns();
  for (let isEnd = false; !isEnd; ) {
    await turn();
    throwIfAborted(signal);
    const page = feed.next(PAGE);
    isEnd = page.isEnd;
    const copies = catalog.copies(
      key,
      page.assets.map(({ cid }) => cid),
    );
    for (const [cid, { collections, said }] of copies) {
      await turn();
      const proof = said === 'refused' ? stateOf(cid) : said === 'shown' ? 'proven' : 'none';
      const isHeld = isThisHome && content.isRoot(cid);
      const counts = collections.map((id) => countsOf(byCollection, id));
      for (const count of [total, ...counts]) {
        count.wanted += 1;
        count.held += Number(isHeld);
        count.proven += Number(proof === 'proven');
        count.lost += Number(proof === 'lost');
      }
    }
    if (!isEnd) await rest?.();
  }
  const told = ({ held, ...counts }: Counts) => {
    return { ...counts, held: isThisHome ? held : null };
  };
  const collections = [...byCollection]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, counts]) => ({ collection: id, name: names.get(id) ?? '', ...told(counts) }));
  return { ...told(total), collections };
}

function countsOf(all: Map<string, Counts>, collection: string): Counts {
  const known = all.get(collection) ?? { wanted: 0, held: 0, proven: 0, lost: 0 };
  all.set(collection, known);
  return known;
}
