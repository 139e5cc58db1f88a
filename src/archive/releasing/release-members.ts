import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import { isUnloadable } from '../../core/dataset/unloadable.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseMember } from '../../core/ports/release.ts';
import type { ReleaseCandidate } from '../../core/ports/release-candidates.ts';
import type { Archive } from '../archive.ts';

type Parts = Pick<Archive, 'catalog' | 'content'>;

/**
 * Yields what goes into a release of some candidates. Renditions stay out, since their works are there;
 * but those by the recipe that is asked for stand in the place of works that loaders cannot read.
 *
 * @throws {ArchiveError} `release_invalid` naming a work that has no rendition by this recipe among the
 * candidates; `block_missing`.
 */
export async function* releaseMembers(
  candidates: Iterable<ReleaseCandidate>,
  recipe: string | null,
  parts: Parts,
): AsyncGenerator<ReleaseMember> {
  const replaced = new Set<Cid>();
  const standing = new Set<Cid>();
  for (const found of candidates) {
    const { validUntil: _validUntil, rendition, ...candidate } = found;
    if (rendition !== null) {
      if (rendition.recipe !== recipe || !isReplaced(rendition.of, parts)) continue;
      standing.add(rendition.of);
    } else if (recipe !== null && isUnloadable(found.mediaType)) {
      replaced.add(found.cid);
      continue;
    }
    yield { ...candidate, dagSize: await dagSizeOf(found, parts.content) };
  }
  const missing = replaced.difference(standing).values().next().value;
  if (missing === undefined) return;
  throw new ArchiveError(
    'release_invalid',
    `${missing} has no rendition by ${recipe} that is eligible; "rendition make ${missing} --recipe ${recipe}" makes one, "explain" says why one is not eligible`,
  );
}

function isReplaced(master: Cid, { catalog }: Pick<Parts, 'catalog'>): boolean {
  return isUnloadable(catalog.asset(master)?.mediaType ?? '');
}

async function dagSizeOf(
  { cid, size }: ReleaseCandidate,
  content: Parts['content'],
): Promise<number> {
  if (codecOf(cid) === CODEC.raw) return size;
  const known = await content.stat(cid);
  if (known === undefined) {
    throw new ArchiveError('block_missing', `the bytes of ${cid} are not here; run "verify"`);
  }
  return known.dagSize;
}
