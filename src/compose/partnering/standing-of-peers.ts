import type { Did } from '../../core/entries/did-key.ts';
import type { PeerAddress, PeerStanding } from '../../core/ports/network.ts';
import type { CollectionAccess } from '../../core/sharing/readership.ts';
import { didInAddress } from '../../network/peer-keys.ts';
import type { OpenedArchive } from '../open-archive.ts';

/**
 * Returns what says who this home lets in. A home that is no member yet cannot tell who is, and only
 * calls. Who is no member may visit where a collection is public, or if the settings name its key
 * among those to be called: an IPFS node to have blocks from. The key of a browser is no node's.
 */
export function standingOfPeers(
  { ledger, catalog }: Pick<OpenedArchive, 'ledger' | 'catalog'>,
  settings: { readonly called: () => readonly PeerAddress[]; readonly visitors: number },
): (did: Did) => PeerStanding {
  const keysIn = memorised((called: readonly PeerAddress[]) => new Set(called.map(didInAddress)));
  const isPublic = memorised((accesses: ReadonlyMap<string, CollectionAccess>) =>
    [...accesses.values()].some(({ visibility }) => visibility === 'public'),
  );
  const isOpen = () =>
    settings.visitors > 0 && ledger.charter.publicAllowed && isPublic(catalog.collectionAccesses());
  return (did) => {
    if (ledger.memberOf(did)?.keys.includes(did)) return 'member';
    if (ledger.memberOf(ledger.self.did) === undefined) return 'guest';
    return keysIn(settings.called()).has(did) || isOpen() ? 'visitor' : 'stranger';
  };
}

/** Asks again only about something else than the last time. */
function memorised<T extends object, R>(ask: (about: T) => R): (about: T) => R {
  let last: { readonly about: T; readonly answer: R } | undefined;
  return (about) => {
    if (last?.about !== about) last = { about, answer: ask(about) };
    return last.answer;
  };
}
