import type { Cid } from '../core/cid.ts';
import { ArchiveError, type ErrorCode } from '../core/errors.ts';
import type { Preview } from '../core/ports/rendering.ts';
import type { Archive } from './archive.ts';
import { originalOf } from './original-of.ts';

/** Why there may be none, whatever is tried again. */
const UNAVAILABLE: ReadonlySet<ErrorCode> = new Set([
  'tool_missing',
  'media_unsuitable',
  'media_unreadable',
  'work_limit',
]);

/**
 * Returns what an asset is at a glance, or a page of it by its number, from 1, where that is a PDF. A preview is no asset: it is not recorded, and may look otherwise
 * with another version of a tool. But for pages it is kept as long as there is room, and gone with the asset.
 *
 * @throws {ArchiveError} `preview_unavailable`, with the reason in words; `input_invalid` for a page that it
 * does not have; `not_found`, `block_missing`, `block_corrupt`, `aborted`.
 */
export async function preview(
  asset: Cid,
  archive: Pick<Archive, 'catalog' | 'content' | 'previews' | 'keptPreviews'>,
  signal?: AbortSignal,
  page?: number,
): Promise<Preview> {
  const { catalog, previews, keptPreviews } = archive;
  const original = await originalOf(asset, archive, signal);
  try {
    if (page !== undefined) {
      return await keptPreviews.inTurn(() => previews.page(original, page, signal), signal);
    }
    const make = () => previews.make(original, signal);
    const preview = await keptPreviews.of(asset, make, signal);
    // It may have been removed while this was made.
    if (catalog.asset(asset)?.status === 'removed') await keptPreviews.forget(asset);
    return preview;
  } catch (cause) {
    if (!(cause instanceof ArchiveError) || !UNAVAILABLE.has(cause.code)) throw cause;
    const text = `there is no preview of ${asset} (${cause.code}): ${cause.message}`;
    throw new ArchiveError('preview_unavailable', text, { cause });
  }
}
