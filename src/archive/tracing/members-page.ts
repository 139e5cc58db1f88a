import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { AssetView } from '../../core/ports/asset-views.ts';
import type { ReleaseRow } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { withdrawalLists } from '../live/withdrawal-lists.ts';

/** Rows that are looked through for one page. What was asked for may be rare: then the page is short, and says where to go on. */
const MOST_ROWS = 16_384;

interface PageRequest {
  readonly release: Cid;
  /** Number of the first row. */
  readonly from: number;
  readonly limit: number;
  /** Words, each of which a title, a maker or the CID has; empty for all. */
  readonly text: string;
  /** Whether only those are asked for that are served no more. */
  readonly left: boolean;
}

/** Since when, and why, a member of a release is served no more. */
interface Left {
  readonly state: 'withdrawn' | 'removed';
  readonly reason: string;
  readonly since: number;
  readonly issued: string;
}

type Parts = Pick<Archive, 'catalog' | 'releases' | 'revisions' | 'verifySignature' | 'sha256'>;

/**
 * Returns a page of what went into a release, in the order of its rows, with what this home's withdrawal lists
 * say of each. Titles and makers are those of now, so what was erased is not told, nor found.
 *
 * @throws {ArchiveError} as `Releases.rows` and `withdrawalLists`, `aborted`.
 */
export async function releaseMembersPage(
  { release, from, limit, text, left: isLeft }: PageRequest,
  parts: Parts,
  signal: AbortSignal,
) {
  const { releases, catalog } = parts;
  const manifest = await releases.manifest(release);
  const { left, revision } = await leftOf(release, parts);
  const isAsked = matcher(text);
  const members = [];
  let row = from;
  const told = { assets: manifest.counts.assets, left: left.size, revision };
  const takeTurn = takeTurns();
  for await (const one of releases.rows(manifest, { from })) {
    if (signal.aborted) {
      throw new ArchiveError('aborted', 'nobody waits for the members', { cause: signal.reason });
    }
    if (members.length === limit || row - from === MOST_ROWS)
      return { ...told, members, next: row };
    await takeTurn();
    const gone = left.get(one.asset) ?? null;
    if (!isLeft || gone !== null) {
      const member = memberOf(row, one, gone, catalog.asset(one.asset));
      if (isAsked(member)) members.push(member);
    }
    row += 1;
  }
  return { ...told, members, next: null };
}

function memberOf(
  row: number,
  { asset, mediaType, size, licence, level }: ReleaseRow,
  left: Left | null,
  view: AssetView | undefined,
) {
  const { title = '', creators = [] } = view ?? {};
  return { row, asset, title, creators, mediaType, size, licence, level, left };
}

function matcher(text: string) {
  const words = folded(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ title, creators, asset }: ReturnType<typeof memberOf>): boolean => {
    if (words.length === 0) return true;
    const told = folded(`${title} ${creators.join(' ')} ${asset}`);
    return words.every((word) => told.includes(word));
  };
}

/** Returns a text as it is looked for: accents and capitals do not matter. */
function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Returns what is left out of a release now, each with the revision from which on it has been. */
async function leftOf(release: Cid, parts: Parts) {
  const lists = await withdrawalLists(release, parts);
  const left = new Map<Cid, Left>();
  for (const { says } of lists) {
    for (const { asset, state, reason } of says.entries) {
      if (state === 'reinstated') {
        left.delete(asset);
        continue;
      }
      const { since, issued } = left.get(asset) ?? { since: says.revision, issued: says.issued };
      left.set(asset, { state, reason, since, issued });
    }
  }
  return { left, revision: lists.length };
}
