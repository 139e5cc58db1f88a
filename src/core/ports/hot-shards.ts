import type { Cid } from '../cid.ts';

/** A shard that is kept as one file. */
export interface HotShard {
  /**
   * Streams a part of it; a chunk is valid until the next one is asked for. What its file does not give any
   * more is read from its blocks.
   *
   * @throws {ArchiveError} as reading blocks: `block_missing`, `block_corrupt`.
   */
  read(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/**
 * Shards as whole files on disk, for readers who come again and again: a cache of so many bytes at most, made
 * in the background of what is served now and of nothing else.
 */
export interface HotShards {
  /**
   * Returns the file of a shard that is served now; undefined where there is none, or it is not as it was
   * written here. Of a shard that is asked for again one is made, if there is room.
   */
  find(
    release: Cid,
    shard: { readonly cid: Cid; readonly size: number },
  ): Promise<HotShard | undefined>;

  /**
   * Says which shards of a release are served from now on: at once no other file of it is given any more, and
   * none is made. Such files are deleted when the promise resolves.
   */
  serve(release: Cid, shards: ReadonlySet<Cid>): Promise<void>;
}
