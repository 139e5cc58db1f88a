import type { Cid } from '../../core/cid.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { compareAge, newestOf } from '../../core/provenance/age.ts';
import { type AssetFacts, type Fact, factsOf } from '../../core/provenance/facts.ts';
import { commitName } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { checkAsset } from '../copies/check-asset.ts';
import { timestampOf } from '../now.ts';
import { collectionSaying } from './collection-saying.ts';
import { type Collection, collectionOf, itemId, NO_WORDS, recordBlock } from './deposit-of.ts';

/** Assets that are read before what is said of them is appended together. */
const MAX_TOGETHER = 256;

/** What became of one asset. */
export type AddedAsset =
  | { readonly asset: Cid; readonly outcome: 'added' | 'unchanged' }
  | {
      readonly asset: Cid;
      readonly outcome: 'failed';
      readonly code: ErrorCode;
      readonly text: string;
    };

type Parts = Pick<Archive, 'content' | 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/**
 * Puts works that this organisation has deposited into a further collection of this home, by a further
 * deposit of the same bytes in the words of the last, and yields what became of each, once that is durable.
 * A deposit says that the bytes are here, so they are read first. Whoever may read the collection may read
 * the works from then on, and no statement takes a work out of it again.
 *
 * One after another: two runs at once would each deposit what both find missing.
 *
 * @throws {ArchiveError} `usage_invalid` for a name that is none, `aborted`, `disk_full`, `home_corrupt`,
 * `statement_rejected` if this home's role may not deposit.
 */
export async function* addToCollection(
  { name, assets }: { readonly name: string; readonly assets: readonly Cid[] },
  parts: Parts,
  signal?: AbortSignal,
): AsyncGenerator<AddedAsset> {
  const { ledger, catalog } = parts;
  const collection = collectionOf(name, parts);
  let isKnown = catalog.collections().some(({ id }) => id === collection.id);
  for (let at = 0; at < assets.length; at += MAX_TOGETHER) {
    const outcomes: AddedAsset[] = [];
    const units: (readonly Saying[])[] = [];
    for (const asset of assets.slice(at, at + MAX_TOGETHER)) {
      const found = await depositIn(collection, asset, parts, signal);
      outcomes.push(found.outcome);
      if (found.saying !== undefined) units.push([found.saying]);
    }
    if (units.length > 0) {
      if (!isKnown) units.unshift([collectionSaying(collection, parts)]);
      isKnown = true;
      await appendAll(ledger, units);
      await catalog.catchUp();
    }
    yield* outcomes;
  }
}

interface Found {
  readonly outcome: AddedAsset;
  readonly saying?: Saying;
}

async function depositIn(
  collection: Collection,
  asset: Cid,
  parts: Parts,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { catalog, content, ledger } = parts;
  const facts = catalog.facts(asset);
  const own = facts === undefined ? [] : factsOf(facts, 'deposit');
  const deposits = own
    .filter(({ organisation }) => organisation === ledger.self.organisation)
    .sort(compareAge);
  const last = deposits.at(-1);
  if (facts === undefined || last === undefined) {
    const text = 'this organisation has not deposited it; its depositor says where it lies';
    return failed(asset, 'statement_rejected', text);
  }
  if (deposits.some(({ body }) => body.collection === collection.id)) {
    return { outcome: { asset, outcome: 'unchanged' } };
  }
  if (catalog.access(asset)?.status === 'removed') {
    return failed(asset, 'content_removed', 'it was removed from the archive');
  }
  const { size } = last.body;
  const checked = await checkAsset(content, { cid: asset, size }, { signal });
  if (checked.outcome !== 'intact') {
    const code = checked.outcome === 'missing' ? 'block_missing' : 'block_corrupt';
    const text = `its bytes are not here whole (${checked.outcome}); "fixity" fetches them from a partner`;
    return failed(asset, code, text);
  }
  const saying = depositSaying(asset, { facts, last }, collection, parts);
  return { outcome: { asset, outcome: 'added' }, saying };
}

function failed(asset: Cid, code: ErrorCode, why: string): Found {
  return { outcome: { asset, outcome: 'failed', code, text: `${asset}: ${why}` } };
}

function depositSaying(
  asset: Cid,
  { facts, last }: { readonly facts: AssetFacts; readonly last: Fact<'deposit'> },
  collection: Collection,
  parts: Parts,
): Saying {
  const { catalog, clock, sha256 } = parts;
  const { size, sha256: digest, mediaType, source, work, part, makers } = last.body;
  const known = catalog.items(last.body.collection, [last.body.item]).get(last.body.item);
  const words = known?.deposit === last.id ? known.record : undefined;
  const named = words?.makers.map(({ name, salt }) => commitName(name, salt, sha256));
  const record = recordBlock(words ?? NO_WORDS, parts);
  const statement = createStatement('deposit', { asset }, timestampOf(clock), {
    ...{ size, sha256: digest, mediaType, licence: licenceOf(last, facts) },
    // The same salted id, by which parts of one work are known, in whatever collection they lie.
    ...{ source, work, part },
    collection: collection.id,
    item: placeIn(collection, words?.filename ?? '', asset, parts),
    makers: [...(named ?? makers)],
    record: record.cid,
  });
  return { statement, records: [record] };
}

/** What this organisation has said of the licence of its own deposit last; what others add binds by itself. */
function licenceOf(deposit: Fact<'deposit'>, facts: AssetFacts): string | null {
  const said = factsOf(facts, 'licence').filter(
    ({ organisation, body }) =>
      organisation === deposit.organisation &&
      (body.deposit === null || body.deposit === deposit.id),
  );
  const newest = newestOf(said);
  return newest === undefined ? deposit.body.licence : newest.body.licence;
}

/** The place of its file name, where no other file has that in the collection. */
function placeIn(collection: Collection, filename: string, asset: Cid, parts: Parts): string {
  const named = itemId(filename, collection, parts);
  const isFree = filename !== '' && parts.catalog.items(collection.id, [named]).size === 0;
  return isFree ? named : itemId(`${asset}/${filename}`, collection, parts);
}
