import type { Did } from '../../core/entries/did-key.ts';
import type { Arrival } from '../../core/ports/ledger.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import { memberName } from '../member-name.ts';

/** Whose key it is, as far as this home knows. */
export interface KeyHolder {
  readonly key: Did;
  /** Empty where no name is known here. */
  readonly name: string;
  /** Null for a key that is no member's any more. */
  readonly organisation: string | null;
  /** Empty where no trust list names it. */
  readonly organisationName: string;
}

/** One statement of an entry, and what became of it. */
export interface LogStatement {
  readonly id: StatementId;
  readonly kind: string;
  readonly outcome: 'standing' | 'void' | 'unknown';
  /** Why it counts for nothing. */
  readonly reason: string | null;
}

/** One line of the arrival log as people read it. */
export interface LogEntry {
  /** From 0. */
  readonly arrival: number;
  readonly entry: EntryHash;
  readonly author: KeyHolder;
  /** By the author's word; null where nothing of it stands. */
  readonly at: string | null;
  /** How many statements of which kind. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  /** Statements of it that count for nothing, or that this program does not know. */
  readonly standsNot: number;
}

export function logEntryOf(arrival: Arrival, ledger: Archive['ledger']): LogEntry {
  const counts = new Map<string, number>();
  for (const { kind } of statementsIn(arrival)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [first] = arrival.standing;
  return {
    arrival: arrival.number,
    entry: arrival.entry,
    author: holderOf(arrival.author, ledger),
    at: first?.statement.at ?? null,
    kinds: [...counts].map(([kind, count]) => ({ kind, count })),
    standsNot: arrival.void.length + arrival.unknown.length,
  };
}

/** Returns the statements of an entry in their order. */
export function statementsIn({ standing, void: voided, unknown }: Arrival): LogStatement[] {
  const all: LogStatement[] = [
    ...standing.map(({ id, statement: { kind } }) => {
      return { id, kind, outcome: 'standing' as const, reason: null };
    }),
    ...voided.map(({ id, kind, reason }) => ({ id, kind, outcome: 'void' as const, reason })),
    ...unknown.map(({ id, kind }) => ({ id, kind, outcome: 'unknown' as const, reason: null })),
  ];
  return all.sort((a, b) => placeOf(a) - placeOf(b));
}

/** An id is an entry's hash, a slash and a place. */
function placeOf({ id }: LogStatement): number {
  return Number(id.slice(id.indexOf('/') + 1));
}

export function holderOf(key: Did, ledger: Archive['ledger']): KeyHolder {
  const member = ledger.memberOf(key);
  const organisation = member?.organisation ?? null;
  const vetted = ledger.institutions().find(({ id }) => id === organisation);
  return {
    key,
    name: memberName(member?.id ?? key, ledger),
    organisation,
    organisationName: vetted?.name ?? '',
  };
}
