/** What vouches for a release: no manifest names these. */
export const SEALS = {
  manifest: 'release.json',
  /** The curator's signature over `release.json`: `manifest-signature.ts`. */
  signature: 'release.sig',
  /** C2SP tlog-proof that the curator's log holds the entry `state` of the manifest. */
  proof: 'release.tlog-proof',
} as const;

/** The other files of a release, its shards excepted. */
export const RELEASE_FILES = {
  metadata: 'metadata.parquet',
  licences: 'LICENSES.csv',
  card: 'README.md',
  croissant: 'croissant.json',
  checksums: 'SHA256SUMS',
  attribution: 'ATTRIBUTION.txt',
  descriptions: 'descriptions.jsonl',
} as const;

/** Tables that every node makes alike; shards are, too. What holds names, a place or a date is not. */
export const ALIKE: readonly string[] = [RELEASE_FILES.metadata, RELEASE_FILES.licences];

/**
 * Files with names and other words of records, which can be erased: lines with the CID of their asset, in
 * blocks that hold lines of one maker each.
 */
export const WORDS: readonly string[] = [RELEASE_FILES.attribution, RELEASE_FILES.descriptions];
