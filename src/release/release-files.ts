/** Names of the files of a release beside its shards. */
export const RELEASE_FILES = {
  manifest: 'release.json',
  checksums: 'SHA256SUMS',
  metadata: 'metadata.parquet',
  attribution: 'ATTRIBUTION.txt',
  licences: 'LICENSES.csv',
  card: 'README.md',
} as const;
