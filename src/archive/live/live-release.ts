import type { Cid } from '../../core/cid.ts';
import { encodeRevision, type Revision, type RevisionEntry } from '../../core/dataset/revision.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { WithheldShard } from '../../core/ports/release.ts';
import type { LapsedMember } from '../../core/ports/release-candidates.ts';
import type { LeftRelease, LeftShard } from '../../core/ports/revision-tables.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { withdrawalLists } from './withdrawal-lists.ts';

/** What a live release works on. */
export type LiveParts = Pick<
  Archive,
  | 'content'
  | 'catalog'
  | 'releases'
  | 'revisions'
  | 'clock'
  | 'sha256'
  | 'signer'
  | 'verifySignature'
>;

/** What is left of a release after a number of withdrawals. */
export interface LiveView extends LeftRelease {
  /** The newest withdrawal list; undefined for a release that is as it was cut. */
  readonly latest: Revision | undefined;
  /** The withdrawal lists, the first one first. */
  readonly lists: readonly Uint8Array[];
  readonly withdrawn: ReadonlyMap<Cid, RevisionEntry>;
}

/**
 * A recorded release without what it may not hold any more. Each change is a revision: a signed list that
 * names the one before, durable before anything of it is served.
 */
export class LiveRelease {
  readonly #parts: LiveParts;
  #view: LiveView;
  /** Assets that the ledger counts to the release and that no shard of it has. */
  readonly #absent = new Set<Cid>();
  #refreshing: Promise<unknown> | undefined;

  private constructor(view: LiveView, parts: LiveParts) {
    this.#view = view;
    this.#parts = parts;
  }

  /** @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`, `home_corrupt`. */
  static async open(release: Cid, parts: LiveParts): Promise<LiveRelease> {
    const manifest = await parts.releases.manifest(release);
    const read = await withdrawalLists(release, parts);
    const withdrawn = new Map<Cid, RevisionEntry>();
    for (const { says } of read) for (const entry of says.entries) note(withdrawn, entry);
    const [lists, latest] = [read.map(({ bytes }) => bytes), read.at(-1)?.says];
    const asCut = manifest.shards.map((shard): [string, LeftShard] => [shard.name, shard]);
    const issued = latest?.issued ?? manifest.created;
    const view = { release, manifest, revision: lists.length, issued, latest, lists, withdrawn };
    const live = new LiveRelease({ ...view, shards: new Map(asCut) }, parts);
    const touched = new Set([...withdrawn.values()].map(({ shard }) => shard));
    const shards = await live.#recompose(touched, withdrawn);
    live.#view = { ...live.#view, shards: new Map([...asCut, ...shards]) };
    return live;
  }

  get view(): LiveView {
    return this.#view;
  }

  /**
   * Brings it up to what the catalog says now. Nothing changes where that is no news.
   *
   * @throws {ArchiveError} `policy_unknown`, `block_missing`, `block_corrupt`, `disk_full`.
   */
  refresh(): Promise<void> {
    const run = (this.#refreshing ?? Promise.resolve()).then(() => this.#refresh());
    // Its failure is the caller's; the next one begins anew.
    const ended = run.then(
      () => {},
      () => {},
    );
    this.#refreshing = ended;
    ended.then(() => {
      if (this.#refreshing === ended) this.#refreshing = undefined;
    });
    return run;
  }

  /** Resolves when what is being brought up to date has been, or has failed; undefined if nothing is. */
  get refreshing(): Promise<unknown> | undefined {
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const { catalog, clock, content, revisions, sha256, signer } = this.#parts;
    const { release, manifest, withdrawn, revision, lists, shards } = this.#view;
    const { purpose, requester, policy } = manifest;
    const asked = { purpose, requester, policy: policy.name, at: timestampOf(clock) };
    const members = await catalog.lapsed(release, asked);
    const lapsed = new Map(members.map((one) => [one.asset, one]));
    const added = new Map([...lapsed].filter(([, one]) => this.#isNew(one)));
    const back = [...withdrawn.values()].filter(({ asset }) => !lapsed.has(asset));
    if (added.size === 0 && back.length === 0) return;
    const wanted = new Map(withdrawn);
    for (const { asset } of back) wanted.delete(asset);
    const entries: RevisionEntry[] = back.map((one) => ({ ...one, state: 'reinstated' }));
    const changed = await this.#withhold(new Set(added.keys()), back, wanted);
    for (const { name: shard, withheld } of changed.values()) {
      for (const asset of withheld) {
        const one = added.get(asset);
        added.delete(asset);
        if (one === undefined) continue;
        entries.push({ asset, shard, state: stateOf(one), reason: one.reason });
      }
    }
    for (const asset of added.keys()) this.#absent.add(asset);
    if (entries.length === 0) return;
    entries.sort((a, b) => (a.asset < b.asset ? -1 : 1));
    const last = lists.at(-1);
    const issued = timestampOf(clock);
    const latest: Revision = {
      ...{ spec: 'ringfence/withdrawn/1', release, revision: revision + 1 },
      previous: last === undefined ? null : toHex(sha256(last)),
      ...{ issued, issuer: signer.did, entries },
    };
    const list = encodeRevision(latest, signer);
    await content.sync([]);
    await revisions.append(release, revision + 1, list);
    const left = new Map(withdrawn);
    for (const entry of entries) note(left, entry);
    this.#view = {
      ...{ release, manifest, revision: revision + 1, issued, latest, withdrawn: left },
      lists: [...lists, list],
      shards: new Map([...shards, ...changed]),
    };
  }

  #isNew(one: LapsedMember): boolean {
    const isKnown = this.#view.withdrawn.get(one.asset)?.state === stateOf(one);
    return !isKnown && !this.#absent.has(one.asset);
  }

  /**
   * Composes the shards again that hold assets, and those that had what is back. What is not where the order
   * of the samples has it, is looked for in every shard: others may have cut the release.
   */
  async #withhold(
    added: ReadonlySet<Cid>,
    back: readonly RevisionEntry[],
    wanted: ReadonlyMap<Cid, RevisionEntry>,
  ): Promise<ReadonlyMap<string, LeftShard & WithheldShard>> {
    const { manifest } = this.#view;
    const places = await this.#parts.releases.shardsWith(manifest, added);
    const touched = new Set([...places.keys(), ...back.map(({ shard }) => shard)]);
    const changed = await this.#recompose(touched, wanted, places);
    const found = new Set([...changed.values()].flatMap(({ withheld }) => withheld));
    if (added.isSubsetOf(found)) return changed;
    const all = [...added];
    const everywhere = new Map(manifest.shards.map(({ name }) => [name, all] as const));
    return this.#recompose(everywhere.keys(), wanted, everywhere);
  }

  /** Composes shards again without what is withdrawn, and what may be in them of some assets more. */
  async #recompose(
    names: Iterable<string>,
    withdrawn: ReadonlyMap<Cid, RevisionEntry>,
    places: ReadonlyMap<string, readonly Cid[]> = new Map(),
  ): Promise<ReadonlyMap<string, LeftShard & WithheldShard>> {
    const byShard = Map.groupBy(withdrawn.values(), ({ shard }) => shard);
    const shards = new Map<string, LeftShard & WithheldShard>();
    for (const name of names) {
      const shard = this.#view.manifest.shards.find((one) => one.name === name);
      if (shard === undefined) {
        throw new ArchiveError('home_corrupt', `${this.#view.release} has no shard ${name}`);
      }
      const known = byShard.get(name)?.map(({ asset }) => asset) ?? [];
      const withheld = new Set([...known, ...(places.get(name) ?? [])]);
      const left = await this.#parts.releases.withhold(shard, withheld);
      const isAsCut = left.cid === shard.cid;
      shards.set(name, { ...left, name, sha256: isAsCut ? shard.sha256 : null });
    }
    return shards;
  }
}

function stateOf({ isRemoved }: LapsedMember): RevisionEntry['state'] {
  return isRemoved ? 'removed' : 'withdrawn';
}

function note(withdrawn: Map<Cid, RevisionEntry>, entry: RevisionEntry): void {
  if (entry.state === 'reinstated') withdrawn.delete(entry.asset);
  else withdrawn.set(entry.asset, entry);
}
