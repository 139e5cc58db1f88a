import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import { seesEntries } from '../entries/standing.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Ledger } from '../ports/ledger.ts';
import { isPublic, mayHaveBytes } from './readership.ts';
import { parseReplicaPolicy } from './replica-policy.ts';

/** Says whether a peer may have an asset now. */
export type BytesPermission = (peer: Did, asset: Cid) => boolean;

/**
 * Returns what says whether a peer may have an asset now: a member, by readership or replica policy; a
 * witness has none.
 */
export function bytesPermission(
  ledger: Pick<Ledger, 'memberOf'>,
  catalog: Pick<Catalog, 'access'>,
): BytesPermission {
  return (peer, asset) => {
    const member = ledger.memberOf(peer);
    const access = member === undefined ? undefined : catalog.access(asset);
    if (member === undefined || !seesEntries(member)) return false;
    if (access === undefined || access.status === 'removed') return false;
    const { organisation } = member;
    return mayHaveBytes({ organisation, replica: parseReplicaPolicy(member.replica) }, access);
  };
}

/** Returns what says whether anybody at all may have an asset or a release now. */
export function anyonePermission(
  ledger: Pick<Ledger, 'charter'>,
  catalog: Pick<Catalog, 'access' | 'isPublicRelease'>,
): (root: Cid) => boolean {
  return (root) => {
    if (!ledger.charter.publicAllowed) return false;
    const access = catalog.access(root);
    return access === undefined ? catalog.isPublicRelease(root) : isPublic(access);
  };
}
