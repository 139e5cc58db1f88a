import type { Cid } from '../cid.ts';
import type { ReleaseManifest, ReleaseShard } from '../dataset/manifest.ts';

/** A shard as it is now. */
export interface LeftShard extends Pick<ReleaseShard, 'name' | 'cid' | 'size' | 'samples'> {
  /** Null for one that is not as it was cut: nobody has read all of it yet. */
  readonly sha256: string | null;
}

/** What is left of a release in a revision of it. */
export interface LeftRelease {
  readonly release: Cid;
  readonly manifest: ReleaseManifest;
  readonly revision: number;
  /** When the revision was made. */
  readonly issued: string;
  readonly withdrawn: Pick<ReadonlyMap<Cid, unknown>, 'has'>;
  readonly shards: ReadonlyMap<string, LeftShard>;
}

/** The tables of a revision: all that a release has beside its shards, but what vouches for it. */
export interface WrittenTables {
  readonly files: ReleaseManifest['files'];
  /** sha-256 of every shard, by its CID. */
  readonly sums: ReadonlyMap<Cid, string>;
  /** The nodes of those files that are of more than one block. */
  readonly nodes: ReadonlyMap<Cid, Uint8Array>;
}

/** Tables of the revisions of releases, kept as files: of each release those of one revision. */
export interface RevisionTables {
  /** Returns the tables that are kept of this revision; undefined if there are none. */
  written(left: LeftRelease): Promise<WrittenTables | undefined>;

  /**
   * Writes the tables of a revision out of those that the release was cut with, and keeps them in the place
   * of earlier ones. Shards that were composed again are read for their sha-256, once. Memory does not grow
   * with the number of assets. When the promise resolves, they are on disk.
   *
   * @throws {ArchiveError} `release_invalid` for tables that this archive would not have written,
   * `block_missing`, `block_corrupt`, `disk_full`, `aborted`: also when they are dropped meanwhile.
   */
  write(left: LeftRelease, options: { readonly signal: AbortSignal }): Promise<WrittenTables>;

  /**
   * Streams a part of one of the tables that are kept.
   *
   * @throws {ArchiveError} `busy` if they were dropped meanwhile.
   */
  read(
    left: LeftRelease,
    name: string,
    span: { readonly offset: number; readonly length: number },
  ): AsyncIterable<Uint8Array>;

  /** Deletes the tables of a release, and ends what writes them: there may be words in them to be erased. */
  drop(release: Cid): Promise<void>;
}
