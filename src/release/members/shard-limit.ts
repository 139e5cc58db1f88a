const LEAST = 16 * 2 ** 20;
const MOST = 256 * 2 ** 20;

/** Shards that a configuration should have, so that as many workers each read their own. */
const AIM = 64;

/**
 * Returns the size in bytes that shards over `total` bytes of assets keep to: a 64th of it, but 16
 * MiB at least, so that small datasets are not dust, and 256 MiB at most, so that a lost connection
 * costs little.
 */
export function shardLimit(total: number): number {
  return Math.min(Math.max(Math.ceil(total / AIM), LEAST), MOST);
}
