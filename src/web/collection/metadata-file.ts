import { answered, api } from '../api/client.ts';
import type { Asset } from '../api/queries.ts';

/** Assets that are asked for at once. */
const AT_ONCE = 6;

const COLUMNS = [
  'cid',
  'title',
  'creators',
  'licence',
  'media_type',
  'bytes',
  'sha256',
  'status',
  'date',
  'filename',
  'source',
  'collection',
  'work',
  'part',
  'tags',
  'note',
] as const;

/**
 * Asks for what is known of each asset, and returns it in their order; `onDone` is told of each. What cannot
 * be had is left out and told to `onMissing`. @throws when aborted.
 */
export async function readAll(
  cids: readonly string[],
  onDone: () => void,
  onMissing: (cid: string, error: unknown) => void,
  signal: AbortSignal,
): Promise<readonly Asset[]> {
  const found: (Asset | undefined)[] = [];
  const left = cids.entries();
  const work = async () => {
    for (const [place, asset] of left) {
      signal.throwIfAborted();
      const asked = api.GET('/api/v1/assets/{asset}', { params: { path: { asset } }, signal });
      try {
        found[place] = await answered(asked);
        onDone();
      } catch (error) {
        if (signal.aborted) throw error;
        onMissing(asset, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.filter((asset) => asset !== undefined);
}

/** Returns a table of assets that spreadsheets open, in UTF-8; of several deposits the first is told. */
export function toCsv(assets: readonly Asset[]): string {
  const rows = assets.map((asset) => {
    const [first] = asset.deposits;
    const values: Record<(typeof COLUMNS)[number], string> = {
      cid: asset.cid,
      title: asset.title,
      creators: asset.creators.join('; '),
      licence: asset.licence ?? '',
      media_type: asset.mediaType,
      bytes: String(asset.size),
      sha256: asset.sha256,
      status: asset.status,
      date: first?.dateText ?? '',
      filename: first?.filename ?? '',
      source: first?.source ?? '',
      collection: first?.collection ?? '',
      work: asset.work?.id ?? '',
      part: String(asset.work?.part ?? ''),
      tags: first?.tags.join('; ') ?? '',
      note: first?.notes ?? '',
    };
    return COLUMNS.map((name) => cell(values[name])).join(',');
  });
  // With the mark, spreadsheets read it as UTF-8.
  return `\uFEFF${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
}

/**
 * Quotes a cell (RFC 4180). What a spreadsheet would take for a formula, and compute, gets an apostrophe before
 * it (https://owasp.org/www-community/attacks/CSV_Injection): titles are the words of strangers. So does what
 * comes behind a mark at which a spreadsheet of another country may begin a new cell.
 */
function cell(text: string): string {
  const safe = text.replace(
    /(^|[;,|\t\r\n])([\s\p{Cf}"']*)(?=[=+\-@|\uFF1D\uFF0B\uFF0D\uFF20])/gu,
    "$1'$2",
  );
  return /[",;\t\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
