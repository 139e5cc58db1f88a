import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { type Fact, factsOf } from '../../core/provenance/facts.ts';
import type { Archive } from '../archive.ts';

type SignedKind = 'declaration' | 'consent';

/** Returns the standing declarations or consents about an asset that a key has signed, as far as that can be read here. */
export function signedBy<K extends SignedKind>(
  key: Did,
  kind: K,
  asset: Cid,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): readonly Fact<K>[] {
  const facts = catalog.facts(asset);
  if (facts === undefined) return [];
  return factsOf(facts, kind).filter(({ envelope }) => {
    const record = envelope && ledger.record(envelope.record);
    return record?.type === 'envelope' && record.signer === key;
  });
}
