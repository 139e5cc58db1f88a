import type { Did } from '../../core/entries/did-key.ts';
import { seesEntries } from '../../core/entries/standing.ts';
import type { Catalog } from '../../core/ports/catalog.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { MayHave } from '../../core/ports/ledger-feed.ts';
import { mayHaveRecord, OWN_ORGANISATION } from '../../core/sharing/readership.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';

const NOBODYS = { ...OWN_ORGANISATION, organisation: '', collection: '' };

/**
 * Returns which records each peer may have (ledger.md §2): those of collections that it may read or
 * replicate, and those of no collection. A record about a set of assets goes to nodes that replicate
 * every collection. Whoever is no member may have none; a witness is shown no entries, which is undefined.
 */
export function recordReaders(
  ledger: Pick<Ledger, 'memberOf'>,
  catalog: Pick<Catalog, 'access' | 'collectionAccess'>,
): (peer: Did) => MayHave | undefined {
  return (peer) => {
    const member = ledger.memberOf(peer);
    if (member === undefined) return () => false;
    if (!seesEntries(member)) return undefined;
    const { organisation } = member;
    const reader = { organisation, replica: parseReplicaPolicy(member.replica) };
    // Whoever may have what is nobody's replicates every collection.
    if (mayHaveRecord(reader, NOBODYS)) return () => true;
    return (owner) => {
      if (owner === null) return true;
      if ('set' in owner) return false;
      if ('asset' in owner) {
        const deposits = catalog.access(owner.asset)?.deposits ?? [];
        return deposits.some((deposit) => deposit.opens && mayHaveRecord(reader, deposit));
      }
      const { collection, author } = owner;
      const depositor = ledger.memberOf(author)?.organisation;
      if (depositor === undefined) return false;
      const access = catalog.collectionAccess(collection, depositor);
      return mayHaveRecord(reader, { ...access, collection, organisation: depositor });
    };
  };
}
