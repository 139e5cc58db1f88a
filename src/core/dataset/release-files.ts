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
  checksums: 'SHA256SUMS',
  attribution: 'ATTRIBUTION.txt',
  descriptions: 'descriptions.jsonl',
} as const;

/**
 * Files that hold names and other words of records, which can be erased: every line is a block of its own
 * and has the CID of its asset.
 */
export const WORDS: readonly string[] = [RELEASE_FILES.attribution, RELEASE_FILES.descriptions];

/** Tables that every node makes alike; shards are, too. What holds names, a place or a date is not. */
export const ALIKE: readonly string[] = [RELEASE_FILES.metadata, RELEASE_FILES.licences];
