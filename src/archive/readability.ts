import type { Cid } from '../core/cid.ts';
import { type Caller, mayRead } from '../core/sharing/caller.ts';
import { anyonePermission } from '../core/sharing/permission.ts';
import { isOpenToAll } from '../core/sharing/readership.ts';
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

/** Says whether somebody may read an asset or a release now. */
export function readabilityFor(
  caller: Caller,
  root: Cid,
  parts: Pick<Archive, 'ledger' | 'catalog'>,
): Readability {
  const open = readabilityForAnybody(root, parts);
  if (open !== 'anybody' && mayRead(caller, root, parts)) return 'reader';
  // What the owner may not read was removed; it knows that it was here.
  return caller.kind === 'owner' && open === 'hidden' ? 'withdrawn' : open;
}

/** What lies in a public collection, and releases of that, where the charter allows any. */
function readabilityForAnybody(
  asset: Cid,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Readability {
  if (anyonePermission(ledger, catalog)(asset)) return 'anybody';
  if (!ledger.charter.publicAllowed) return 'hidden';
  const access = catalog.access(asset);
  // Of a release, what was public is told to be withdrawn, as of an asset.
  if (access === undefined) return catalog.isOpenRelease(asset) ? 'withdrawn' : 'hidden';
  if (!isOpenToAll(access.deposits)) return 'hidden';
  return access.isStopped && access.status !== 'removed' ? 'barred' : 'withdrawn';
}
