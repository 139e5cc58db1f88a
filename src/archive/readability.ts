import type { Cid } from '../core/cid.ts';
import { isPublic } from '../core/sharing/readership.ts';
import type { Archive } from './archive.ts';

/** Whether somebody may read an asset now, and why not. */
export type Readability =
  /** Whoever asks. */
  | 'anybody'
  /** This reader, and not everybody. */
  | 'reader'
  /** Nobody who would else; it was withdrawn or removed. */
  | 'withdrawn'
  /** Nobody who would else; a takedown or quarantine is open. */
  | 'barred'
  /** Not this reader, who is not told that it is here. */
  | 'hidden';

/**
 * Says what somebody who is not known may read: what lies in a public collection, where the charter
 * allows any.
 */
export function readabilityForAnybody(
  asset: Cid,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Readability {
  const access = ledger.charter.publicAllowed ? catalog.access(asset) : undefined;
  if (access === undefined) return 'hidden';
  if (isPublic(access)) return 'anybody';
  if (!access.deposits.some(({ visibility }) => visibility === 'public')) return 'hidden';
  return access.isStopped ? 'barred' : 'withdrawn';
}

/** Says what the owner of the home may read: all that is here. */
export function readabilityForOwner(
  root: Cid,
  parts: Pick<Archive, 'ledger' | 'catalog'>,
): Readability {
  return readabilityForAnybody(root, parts) === 'anybody' ? 'anybody' : 'reader';
}
