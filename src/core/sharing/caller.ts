import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import { type Member, seesEntries } from '../entries/standing.ts';
import type { Requester } from '../policy/purposes.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Ledger } from '../ports/ledger.ts';
import { anyonePermission, bytesPermission } from './permission.ts';

/** Who asks a node for something, as of the moment of asking. */
export type Caller =
  /** Whoever has the home, or was let in by it. */
  | { readonly kind: 'owner' }
  /** A member of the ledger, by a key of its that is in use. */
  | { readonly kind: 'member'; readonly key: Did; readonly member: Member }
  /** Whoever signed a recorded declaration or consent, and is no member. */
  | { readonly kind: 'maker'; readonly key: Did }
  | { readonly kind: 'anonymous' };

interface Parts {
  readonly ledger: Pick<Ledger, 'charter' | 'memberOf'>;
  readonly catalog: Pick<Catalog, 'access' | 'releases' | 'isPublicRelease' | 'isOwnRelease'>;
}

/**
 * Says whether somebody may read an asset or a release now: the owner all that is here and not removed; a member what
 * its organisation may read or its replica policy covers, unless it is stopped, and releases that this home's
 * organisation has cut for everybody or for its own; anybody else, makers as well, what is public: a maker has the work
 * already, and who else reads it is for the depositor's collection to say.
 */
export function mayRead(caller: Caller, root: Cid, { ledger, catalog }: Parts): boolean {
  if (caller.kind === 'owner') return catalog.access(root)?.status !== 'removed';
  if (anyonePermission(ledger, catalog)(root)) return true;
  if (caller.kind !== 'member') return false;
  const { key, member } = caller;
  const access = catalog.access(root);
  if (access !== undefined) return !access.isStopped && bytesPermission(ledger, catalog)(key, root);
  const release = catalog.releases().find((one) => one.release === root);
  if (release === undefined || !seesEntries(member)) return false;
  // Others' word that a release is for members opens nothing that this home holds for others.
  return isFor(release.requester, member) && catalog.isOwnRelease(root);
}

/**
 * Says whether somebody may read what is left of a release: whoever may read it as it was cut, and anybody
 * where all in it lies in public collections, whatever was withdrawn since.
 */
export function mayReadLive(
  caller: Caller,
  release: Cid,
  {
    ledger,
    catalog,
  }: { ledger: Parts['ledger']; catalog: Parts['catalog'] & Pick<Catalog, 'isOpenRelease'> },
): boolean {
  if (ledger.charter.publicAllowed && catalog.isOpenRelease(release)) return true;
  return mayRead(caller, release, { ledger, catalog });
}

/** Says whether a release is for a member, by whom it was cut for. */
export function isFor(requester: Requester, { organisation }: Member): boolean {
  return [`organisation:${organisation}`, 'anyone', 'members'].includes(requester);
}
