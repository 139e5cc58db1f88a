import type { Did } from '../../core/entries/did-key.ts';
import type { AssetKind, Fact } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Role } from '../../core/statements/kinds.ts';
import type { RecordData } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { memberName } from '../member-name.ts';

/** A statement about an asset as people read it. */
export interface PastStatement {
  readonly id: StatementId;
  readonly kind: string;
  /** When it was made, by its author's word; null where this program does not know its kind. */
  readonly at: string | null;
  /** It is about a set that the asset is in. */
  readonly bySet: boolean;
  /** Who recorded it; null where this program does not know its kind. */
  readonly author: Recorder | null;
  /** The key of somebody else who signed it, where the envelope is here. */
  readonly signer: Did | null;
  /** What it says, in codes, numbers, times and digests. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What its record says to people. */
  readonly words: Words | null;
  /** It names a record that is not here, or that an erasure hides. */
  readonly lacksWords: boolean;
  /** Later statements about the asset that name it: what ended, replaced or judged it. */
  readonly namedBy: readonly { readonly id: StatementId; readonly kind: string }[];
}

interface Recorder {
  readonly key: Did;
  /** Empty where no name is known here. */
  readonly name: string;
  readonly organisation: string;
  /** Empty where no trust list names it. */
  readonly organisationName: string;
  readonly roles: readonly Role[];
}

export type Words =
  | { readonly text: string }
  | {
      readonly title: string;
      readonly filename: string;
      readonly makers: readonly string[];
      readonly dateText: string;
      readonly notes: string;
    };

/** Returns what a fact says, who said it, and in which words, as far as they are here. */
export function toldOf(
  fact: Fact<AssetKind>,
  { ledger }: Pick<Archive, 'ledger'>,
): Omit<PastStatement, 'id' | 'kind' | 'namedBy'> {
  const { author: key, organisation, roles, body, envelope, at, bySet } = fact;
  const recordIn = 'record' in body ? body.record : null;
  const record = recordIn === null ? undefined : ledger.record(recordIn);
  const carried = envelope && ledger.record(envelope.record);
  const member = ledger.memberOf(key)?.id ?? key;
  const vetted = ledger.institutions().find(({ id }) => id === organisation);
  return {
    ...{ at, bySet, words: wordsOf(record) },
    author: {
      ...{ key, name: memberName(member, ledger), organisation, roles },
      organisationName: vetted?.name ?? '',
    },
    signer: carried?.type === 'envelope' ? (carried.signer as Did) : null,
    // A body is a map, whatever its kind.
    body: body as Readonly<Record<string, unknown>>,
    lacksWords: recordIn !== null && record === undefined,
  };
}

/** What inspectors saw is told apart, since it can be long. */
function wordsOf(record: RecordData | undefined): Words | null {
  if (record?.type === 'note') return { text: record.text };
  if (record?.type !== 'deposit') return null;
  const { title, filename, makers, dateText, notes } = record;
  return { title, filename, makers: makers.map(({ name }) => name), dateText, notes };
}
