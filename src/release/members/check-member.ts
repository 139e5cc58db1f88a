import { CODEC, codecOf } from '../../core/cid.ts';
import { isUnloadable } from '../../core/dataset/unloadable.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseMember } from '../../core/ports/release.ts';
import { refuseTooLarge } from '../shards/tar-header.ts';

/**
 * Looks at what can be told of a member before it is placed.
 *
 * @throws {ArchiveError} `release_invalid` naming the asset that is too large, of a kind that loaders do
 * not read, or whose sizes contradict each other.
 */
export function checkMember({ cid, size, dagSize, mediaType }: ReleaseMember): void {
  refuseTooLarge(cid, size);
  if (isUnloadable(mediaType)) {
    throw new ArchiveError(
      'release_invalid',
      `asset ${cid} is ${mediaType}, which loaders do not read; make renditions ("rendition make") and cut with --rendition, or choose other media with --media`,
    );
  }
  // Readers of verified ranges take the size of a raw leaf from the link to it.
  if (dagSize < size || (codecOf(cid) === CODEC.raw && dagSize !== size)) {
    throw new ArchiveError(
      'release_invalid',
      `asset ${cid} cannot have ${size} bytes in blocks of ${dagSize} bytes; run "verify"`,
    );
  }
}
