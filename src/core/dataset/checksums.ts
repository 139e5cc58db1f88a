/** Returns `SHA256SUMS`, as `sha256sum -c` reads it, in the order of the names. */
export function checksums(
  files: Iterable<{ readonly name: string; readonly sha256: string }>,
): string {
  return [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join('');
}
