import type { Cid } from '../cid.ts';
import type { ReleaseCurator, ReleaseManifest, ReleaseShard, Split } from '../dataset/manifest.ts';
import type { ErrorCode } from '../errors.ts';
import type { NamedPolicy } from '../policy/documents.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';
import type { EntryHash } from '../statements/fields.ts';
import type { ReleaseCandidate } from './release-candidates.ts';

/** An asset that goes into a release, with all that its shard, sidecar and row say of it. */
export interface ReleaseMember extends Omit<ReleaseCandidate, 'validUntil' | 'rendition'> {
  /** Bytes of its whole DAG; for a raw block its size. Nothing of the asset itself is read. */
  readonly dagSize: number;
}

/** What a release is cut for. The same request over the same members gives the same shards anywhere. */
export interface ReleaseRequest {
  readonly name: string;
  readonly version: string;
  readonly at: string;
  readonly purpose: Purpose;
  readonly requester: Requester;
  readonly policy: NamedPolicy;
  readonly state: EntryHash;
  /** What the members were selected by; empty for everything eligible. */
  readonly query: string;
  /** Any text; it fixes the order of the samples. */
  readonly seed: string;
  /** Takes only so many of the members, drawn by the seed. */
  readonly sample?: number;
  /** Share of makers and works that go to a validation split, from 0 (none) up to but not including 1. */
  readonly validation?: number;
  /** Name of the recipe by which renditions stand for works that loaders cannot read. */
  readonly rendition?: ReleaseManifest['rendition'];
  /** Greatest size of a shard in bytes, unless one asset alone needs more. */
  readonly maxShardBytes?: number;
}

/** The part of a request by which its members are taken, placed and counted. */
export type MemberRequest = Pick<
  ReleaseRequest,
  'purpose' | 'requester' | 'policy' | 'seed' | 'sample' | 'validation' | 'maxShardBytes'
>;

/** What differs from node to node: who vouches for a release, when, and where it is to be found. */
export interface ReleaseSeal {
  readonly curator: ReleaseCurator;
  readonly created: string;
  readonly previous: Cid | null;
  /** Ends in a slash; empty where it is not known. */
  readonly url: string;
  /** C2SP tlog-proof that the curator's log holds the state. */
  readonly proof: string;
  /** Returns the text of `release.sig` for these bytes of `release.json`. */
  readonly sign: (manifest: Uint8Array) => string;
}

/** What a release calls itself. */
export type ReleaseName = Pick<ReleaseManifest, 'name' | 'version'>;

export interface CutRelease {
  readonly release: Cid;
  /** What other nodes get as well from the same request over the same members. */
  readonly contentRoot: Cid;
  readonly assets: number;
  /** Bytes of the assets themselves. */
  readonly bytes: number;
  readonly shards: readonly ReleaseShard[];
  /** Bytes that the shards add to their assets: tar headers, sidecars, padding and nodes. */
  readonly extraBytes: number;
  /** Bytes of the release's other files (rows, attribution, card, digests) and of its directory. */
  readonly tableBytes: number;
  /** sha-256 of `release.json`. */
  readonly manifest: string;
}

/**
 * How far a long call is. `collect` counts members taken in, `compose` members placed in shards,
 * `hash` and `export` bytes read. `total` is undefined while it is not known.
 */
export interface ReleaseProgress {
  readonly step: 'collect' | 'compose' | 'hash' | 'export';
  readonly unit: 'assets' | 'bytes';
  readonly done: number;
  readonly total: number | undefined;
}

export interface ReleaseOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReleaseProgress) => void) | undefined;
  /** Told of each asset that is in the release. */
  readonly onMember?: ((asset: Cid) => void) | undefined;
}

/** A removed asset of a release, whose bytes are destroyed or will be. */
export interface RemovedSample {
  readonly asset: Cid;
  /** Name of the shard that has a hole where the asset was. */
  readonly shard: string;
  readonly size: number;
}

export interface VerifyOptions extends ReleaseOptions {
  /** Assets whose bytes may be gone, having been removed. */
  readonly removed?: ReadonlySet<Cid> | undefined;
  /** Told of each of them that is gone, in the order of the shards; waited for. */
  readonly onRemoved?: ((sample: RemovedSample) => void | Promise<void>) | undefined;
}

export interface ReleaseProblem {
  readonly code: ErrorCode;
  /** The file of the release that is wrong. */
  readonly subject: string;
  readonly text: string;
}

export interface ReleaseReport {
  readonly ok: boolean;
  readonly assets: number;
  readonly shards: number;
  readonly bytes: number;
  /** How many of the assets are gone, having been removed. That is no problem. */
  readonly removed: number;
  /** Files that lack lines since words in them were erased. That is no problem. */
  readonly erased: readonly string[];
  readonly problems: readonly ReleaseProblem[];
}

export interface ExportedRelease {
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already with the right bytes. */
  readonly kept: number;
  /** Files that lack lines with erased words; they have another digest than `SHA256SUMS` says. */
  readonly erased: readonly string[];
}

/** A maker, and how many assets of a release are by this maker. */
export interface MakerCount {
  readonly id: string;
  /** Empty where the record with the name is erased. */
  readonly name: string;
  readonly assets: number;
}

/** Works that may have been begun in the ten years from `from`; null: nothing is said of when. */
export interface DecadeCount {
  readonly from: number | null;
  readonly assets: number;
}

/** What the rows of a release say of an asset. */
export interface ReleaseRow
  extends Pick<ReleaseMember, 'size' | 'mediaType' | 'licence' | 'level' | 'selfVetted'> {
  readonly asset: Cid;
}

/** What a release would hold. */
export interface ReleasePlan {
  readonly counts: Omit<ReleaseManifest['counts'], 'shards'>;
  readonly splits: Readonly<
    Partial<Record<Split, { readonly assets: number; readonly bytes: number }>>
  >;
  /** Assets by configuration. */
  readonly configs: Readonly<Record<string, number>>;
  /** Those who are named, with the most assets first. */
  readonly makers: readonly MakerCount[];
  /** The earliest first, what has no date last. */
  readonly decades: readonly DecadeCount[];
}

/** A shard without some of its samples. */
export interface WithheldShard extends Pick<ReleaseShard, 'cid' | 'size' | 'samples'> {
  /** Those of them that it had. */
  readonly withheld: readonly Cid[];
}

/** A block of a DAG, by its CID. */
export interface ProofBlock {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** Datasets of assets, as immutable UnixFS directories over bytes already stored. */
export interface Releases {
  /**
   * Returns what a release of these members would hold, and writes nothing.
   *
   * @throws {ArchiveError} `release_empty`, `release_invalid` naming the asset that the format cannot
   * hold, `aborted`.
   */
  plan(
    request: MemberRequest,
    members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
    options?: ReleaseOptions,
  ): Promise<ReleasePlan>;

  /**
   * Composes a release of these members and returns what it is. Each asset may occur once; they may
   * come in any order. Memory does not grow with their number.
   *
   * When the promise resolves, the whole release is on disk and its root is recorded. A cut that
   * fails or is killed leaves unreferenced blocks at most; cutting again gives the same release.
   *
   * @throws {ArchiveError} `release_empty` without members, `release_invalid` naming the asset that
   * the format cannot hold, `block_missing` or `block_corrupt` when an asset is not here whole,
   * `disk_full`, `aborted`.
   */
  cut(
    request: ReleaseRequest,
    members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
    seal: ReleaseSeal,
    options?: ReleaseOptions,
  ): Promise<CutRelease>;

  /**
   * Returns what a release says of itself, after checking that its directory holds exactly the files
   * that it names, and that the curator has signed it. Reads no shard.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  manifest(release: Cid): Promise<ReleaseManifest>;

  /**
   * Returns the name and version of a release, as {@link Releases.manifest} tells them. They cannot change,
   * so the manifest of each release is read once while the process runs.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  nameOf(release: Cid): Promise<ReleaseName>;

  /**
   * Yields what the rows of a release say, from the one numbered `from` (0 without it) on, in constant memory.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  rows(
    manifest: Pick<ReleaseManifest, 'files'>,
    options?: { readonly from?: number },
  ): AsyncIterable<ReleaseRow>;

  /**
   * Recomputes everything a release claims, and reports what is wrong: each shard is a tar whose
   * members are the assets they are named after, in the order of the seed; every digest and count.
   * A problem is an answer, not an error; after the first in a file, the next file is looked at.
   *
   * A shard with the hole of a removed asset is checked but for that: every other asset in it is read, and
   * only the sha-256 of the whole file cannot be recomputed.
   *
   * @throws {ArchiveError} `aborted`.
   */
  verify(release: Cid, options?: VerifyOptions): Promise<ReleaseReport>;

  /**
   * Yields which of some assets are in the shards of a release, in their order. Reads nodes alone, one for
   * each 128 samples.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  samplesAmong(
    manifest: Pick<ReleaseManifest, 'shards'>,
    assets: ReadonlySet<Cid>,
  ): AsyncIterable<RemovedSample>;

  /**
   * Returns the shards that may hold some assets, by their names, each with those of the assets. An asset is
   * in one of the shards it is named with at most. Reads the beginnings of some shards.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  shardsWith(
    manifest: Pick<ReleaseManifest, 'shards' | 'seed'>,
    assets: Iterable<Cid>,
  ): Promise<ReadonlyMap<string, readonly Cid[]>>;

  /**
   * Composes a shard again without some of its samples and stores what is new of it, some 50 KB for one
   * sample. The same shard without the same samples is the same on every node. Durable after the next `sync`
   * of the content store.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`, `disk_full`.
   */
  withhold(
    shard: Pick<ReleaseShard, 'cid' | 'size' | 'samples'>,
    assets: ReadonlySet<Cid>,
  ): Promise<WithheldShard>;

  /**
   * Yields what shows, from the CID of a file of a release on, that its bytes are right: all its nodes, those
   * of assets in it included, and no leaf. Of a shard without some of its samples it is what {@link withhold}
   * reads, so that whoever has it composes the same and knows every leaf that is left. Nodes come before
   * what is below them.
   *
   * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`.
   */
  proof(
    file: Pick<ReleaseShard, 'cid'> | Pick<ReleaseShard, 'cid' | 'size' | 'samples'>,
    withheld: ReadonlySet<Cid>,
  ): AsyncIterable<ProofBlock>;

  /**
   * Destroys what a release says in words out of erased records: who made an asset, what it is called.
   * Returns how many blocks that were. Shards, rows and what vouches for them stay as they are. Durable
   * when the promise resolves; safe to call again.
   *
   * @throws {ArchiveError} as {@link Releases.manifest}, and `disk_full`.
   */
  eraseWords(release: Cid, records: ReadonlySet<Cid>): Promise<number>;

  /**
   * Writes the release as files into a folder, which is made if need be. Bytes are checked against
   * their CIDs and the digests of the release before a file gets its name; `release.json` comes
   * last. Run again after an interruption it writes only what is missing.
   *
   * When the promise resolves, the files are on disk.
   *
   * @throws {ArchiveError} `export_conflict` if a file is there with other bytes (nothing is
   * overwritten), `release_invalid`, `block_missing`, `block_corrupt`, `disk_full`, `aborted`.
   */
  export(release: Cid, folder: string, options?: ReleaseOptions): Promise<ExportedRelease>;
}
