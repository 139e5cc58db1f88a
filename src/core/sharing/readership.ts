import { isOfMedia, type ReplicaPolicy } from './replica-policy.ts';

/** Who may read a collection, as an organisation that deposits into it has said. */
export interface CollectionAccess {
  readonly visibility: 'organisation' | 'members' | 'public';
  /** Organisations that may read it beside the depositor's own. */
  readonly readers: readonly string[];
}

/** What holds until a `collection` statement says otherwise. */
export const OWN_ORGANISATION: CollectionAccess = { visibility: 'organisation', readers: [] };

/** One deposit, as far as it says who may have the bytes. */
export interface DepositAccess extends CollectionAccess {
  /** The depositor's. */
  readonly organisation: string;
  /** Salted id. */
  readonly collection: string;
}

/** One of an asset's deposits. */
export interface AssetDeposit extends DepositAccess {
  /**
   * Whether it says who may have what others gave: its organisation was the first to deposit the asset, as
   * this home heard, or is this home's own. Every member reads CIDs in the ledger and can deposit them without
   * ever having had the bytes, so others open nothing but what they send themselves.
   */
  readonly opens: boolean;
}

/** A member that asks. */
export interface Reader {
  readonly organisation: string;
  readonly replica: ReplicaPolicy;
}

/**
 * Says whether a member may have the record of a deposit (design.md §10, Visibility): it may read the
 * collection, or its replica policy covers it. `all`, `eligible` and `media:` cover every collection.
 */
export function mayHaveRecord(reader: Reader, deposit: DepositAccess): boolean {
  const { kind } = reader.replica;
  if (kind === 'all' || kind === 'eligible' || kind === 'media') return true;
  return mayRead(reader, deposit);
}

/**
 * Says whether a member may have the bytes of an asset: one of the deposits that open it lets it, or its
 * replica policy covers the asset. An asset that nobody deposited (a generated work in the registry) goes to
 * replicas alone.
 */
export function mayHaveBytes(
  reader: Reader,
  asset: { readonly mediaType: string; readonly deposits: readonly AssetDeposit[] },
): boolean {
  const { replica } = reader;
  if (replica.kind === 'all' || replica.kind === 'eligible') return true;
  if (replica.kind === 'media' && isOfMedia(replica.media, asset.mediaType)) return true;
  return asset.deposits.some((deposit) => deposit.opens && mayRead(reader, deposit));
}

/**
 * Says whether anybody may have the bytes of an asset: a deposit that opens it lies in a public
 * collection, and nothing asks that it is not given out.
 */
export function isPublic(asset: {
  readonly status: string;
  readonly isStopped: boolean;
  readonly deposits: readonly AssetDeposit[];
}): boolean {
  if (asset.isStopped || asset.status === 'withdrawn' || asset.status === 'removed') return false;
  return isOpenToAll(asset.deposits);
}

/** Says whether a deposit that opens an asset lies in a public collection. */
export function isOpenToAll(deposits: readonly AssetDeposit[]): boolean {
  return deposits.some(({ opens, visibility }) => opens && visibility === 'public');
}

function mayRead({ organisation, replica }: Reader, deposit: DepositAccess): boolean {
  if (replica.kind === 'collection' && replica.collection === deposit.collection) return true;
  if (deposit.visibility !== 'organisation' || deposit.organisation === organisation) return true;
  return deposit.readers.includes(organisation);
}
