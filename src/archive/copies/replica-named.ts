import { ArchiveError } from '../../core/errors.ts';
import type { Catalog } from '../../core/ports/catalog.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';

/**
 * Returns a replica policy as grants hold it: a collection may be typed by its name, and is then named by
 * its salted id.
 *
 * @throws {ArchiveError} `not_found` for a name that no collection has here, or several; `input_invalid`.
 */
export function replicaNamed(text: string, catalog: Pick<Catalog, 'collections'>): string {
  const name = /^collection:(?![0-9a-f]{32}$)(.+)$/.exec(text)?.[1];
  if (name === undefined) {
    parseReplicaPolicy(text);
    return text;
  }
  const [only, second] = catalog.collections().filter((collection) => collection.name === name);
  if (only !== undefined && second === undefined) return `collection:${only.id}`;
  const what = only === undefined ? 'no collection is' : 'several collections are';
  throw new ArchiveError(
    'not_found',
    `${what} called ${JSON.stringify(name)} here; write collection:ID, with the id that "status --json" shows`,
  );
}
