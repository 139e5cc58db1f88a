import type { Cid } from '../../cid.ts';
import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';

/**
 * Returns the erasures of a record that stands in a statement of this author. Only a record's author
 * or a steward may erase (ledger.md §2); what others ask for erases nothing.
 */
export function erasuresOf(
  record: Cid,
  author: string,
  facts: AssetFacts,
): readonly Fact<'erasure'>[] {
  return factsOf(facts, 'erasure').filter(
    (fact) =>
      fact.body.records.includes(record) &&
      (fact.author === author || fact.roles.includes('steward')),
  );
}

/** Says whether the envelope that shows who said this is erased: then it is evidence of nothing. */
export function isEnvelopeErased(
  { envelope, author }: Pick<Fact<'consent'>, 'envelope' | 'author'>,
  facts: AssetFacts,
): boolean {
  return envelope !== undefined && erasuresOf(envelope.record, author, facts).length > 0;
}
