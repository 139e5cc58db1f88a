import type { Cid } from '../../core/cid.ts';
import type { RecordData } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { objectionsNaming } from './erase-objections.ts';
import { findPerson } from './find-person.ts';
import { namesPerson, type Person } from './person.ts';

/** What is to be erased of a person, and what is not. */
export interface ErasurePlan {
  readonly person: { readonly names: readonly string[]; readonly keys: readonly string[] };
  /** Records that name the person and go, by what they are. */
  readonly records: Readonly<Record<RecordData['type'], number>>;
  /** Records that name the person, and that only a steward, or whoever wrote them, may erase. */
  readonly others: number;
  /** Objections in this home whose words name the person; the words go at once and for good. */
  readonly objections: number;
  /** Works of which nothing is known any more but what the bytes say. */
  readonly assets: number;
  /** Releases that were cut: what they say in words out of these records goes, and their shards stay. */
  readonly releases: number;
}

/** Returns what an erasure of a person would erase here, with the records and the person. Reads the whole log. */
export async function planErasure(
  text: string,
  archive: Pick<Archive, 'ledger' | 'catalog' | 'objections' | 'sha256'>,
): Promise<{
  readonly plan: ErasurePlan;
  readonly records: readonly Cid[];
  readonly person: Person;
}> {
  const { ledger, catalog } = archive;
  const person = await findPerson(text, archive);
  const { did } = ledger.self;
  const isSteward = ledger.memberOf(did)?.roles.includes('steward') === true;
  const found = new Map<Cid, { readonly type: RecordData['type']; isOurs: boolean }>();
  const assets = new Set<Cid>();
  for await (const { record, says, statement, author } of ledger.namings()) {
    const known = found.get(record);
    if (known === undefined && !namesPerson(says, person)) continue;
    const isOurs = isSteward || author === did;
    found.set(record, { type: says.type, isOurs: isOurs && known?.isOurs !== false });
    const { about } = statement;
    if (says.type === 'deposit' && about !== null && 'asset' in about) assets.add(about.asset);
  }
  const ours = [...found].filter(([, { isOurs }]) => isOurs);
  const count = (type: RecordData['type']) => ours.filter(([, one]) => one.type === type).length;
  return {
    plan: {
      person: { names: [...person.names], keys: [...person.keys] },
      records: {
        deposit: count('deposit'),
        finding: count('finding'),
        note: count('note'),
        name: count('name'),
        envelope: count('envelope'),
      },
      others: found.size - ours.length,
      objections: objectionsNaming(person, archive).length,
      assets: assets.size,
      releases: catalog.releases().length,
    },
    records: ours.map(([record]) => record).sort(),
    person,
  };
}
