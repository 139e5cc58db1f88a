import { readEntry } from '../../core/entries/entry.ts';
import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import type { Act, Place } from '../../core/entries/governance/act.ts';
import { foldGovernance, type Governance } from '../../core/entries/governance/fold.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { isKind, KINDS } from '../../core/statements/kinds.ts';
import { readStatement } from '../../core/statements/statement.ts';
import { damaged } from '../damaged.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import { firstRules, hasRule, type Parent, type Past, pastOver, rulesIn } from '../tables/pasts.ts';
import type { Position } from '../tables/stored-entry.ts';
import type { RuleRow } from '../tables/stored-rules.ts';
import type { Ancestry } from './ancestry.ts';
import type { ArchiveIdentity } from './archive-identity.ts';

/** States that are kept in memory: traffic goes by few of them. */
const KEPT = 32;

/** A governance entry in memory. */
interface Rule {
  /** Undefined if it is not sound by its own past, and so counts in no state. */
  readonly act: Act | undefined;
  readonly past: Past;
}

/**
 * Who may do what, in the past of any entry and as of everything held. Entries between two governance
 * entries have one past, and share its state.
 */
export class Governing {
  readonly #identity: ArchiveIdentity;
  readonly #store: LedgerStore;
  readonly #ancestry: Ancestry;
  readonly #rules: Rule[] = [];
  readonly #numbers = new Map<EntryHash, number>();
  readonly #states = new Map<string, Governance>();
  /** The state as of so many governance entries, which every request asks for. */
  #newest: { readonly rules: number; readonly state: Governance } | undefined;

  constructor(identity: ArchiveIdentity, store: LedgerStore, ancestry: Ancestry) {
    this.#identity = identity;
    this.#store = store;
    this.#ancestry = ancestry;
  }

  /** Returns the past of an entry over these parents. */
  pastOver(parents: readonly Position[]): Past {
    return pastOver(parents.map((parent) => this.asParent(parent)));
  }

  asParent({ past, rule }: Position): Parent {
    return { past: this.#store.pasts.at(past), rule };
  }

  /** Returns the state of an entry's past. */
  in(past: Past): Governance {
    const known = this.#states.get(past.key);
    this.#states.delete(past.key);
    const state = known ?? this.#fold(past);
    this.#states.set(past.key, state);
    if (this.#states.size > KEPT) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) this.#states.delete(oldest);
    }
    return state;
  }

  /** Returns the state as of everything held. */
  now(): Governance {
    const rules = this.#store.rules.count();
    if (this.#newest?.rules !== rules) this.#newest = { rules, state: this.upTo(rules) };
    return this.#newest.state;
  }

  /** Returns the state as of when this many governance entries had arrived. */
  upTo(rules: number): Governance {
    return this.in(firstRules(rules));
  }

  /** Returns where a stored entry lies. */
  placeOf(hash: EntryHash, position: Position): Place {
    const past = this.#store.pasts.at(position.past);
    return {
      hash,
      has: (act) => {
        const number = this.#numbers.get(act);
        return number !== undefined && hasRule(past, number);
      },
      isBefore: (entry) => {
        const later = this.#store.position(entry);
        return later !== undefined && this.#ancestry.isAncestor(position, later);
      },
    };
  }

  #fold(past: Past): Governance {
    this.#load();
    const acts = [...rulesIn(past)].flatMap((number) => this.#rule(number).act ?? []);
    const { charter, charterCid } = this.#identity;
    const isInPast = (ancestor: EntryHash, entry: EntryHash) => this.#isInPast(ancestor, entry);
    return foldGovernance(acts, { charter, charterCid, isInPast });
  }

  #isInPast(ancestor: EntryHash, entry: EntryHash): boolean {
    const number = this.#numbers.get(ancestor);
    const rule = this.#numbers.get(entry);
    if (number !== undefined && rule !== undefined) {
      return hasRule(this.#rule(rule).past, number);
    }
    const earlier = this.#store.position(ancestor);
    const later = this.#store.position(entry);
    if (earlier === undefined || later === undefined) return false;
    if (number !== undefined) return hasRule(this.#store.pasts.at(later.past), number);
    return this.#ancestry.isAncestor(earlier, later);
  }

  #rule(number: number): Rule {
    const rule = this.#rules[number];
    if (rule === undefined) throw damaged(`governance entry ${number} is missing`);
    return rule;
  }

  /** Reads the governance entries that have come since. */
  #load(): void {
    for (const row of this.#store.rules.from(this.#rules.length)) {
      if (row.number !== this.#rules.length) {
        throw damaged(`governance entry ${this.#rules.length} is missing`);
      }
      const hash = entryHashFromBytes(row.cid);
      this.#numbers.set(hash, row.number);
      this.#rules.push({ act: actOf(row, hash), past: this.#store.pasts.at(row.past) });
    }
  }
}

function actOf(row: RuleRow, hash: EntryHash): Act | undefined {
  if (row.problem !== null || row.member === null) return undefined;
  const entry = readEntry(row.bytes);
  const reading = 'statement' in entry.payload ? readStatement(entry.payload.statement) : undefined;
  if (reading?.outcome !== 'known' || !isRuling(reading.statement.kind)) {
    throw damaged(`entry ${hash} is noted as governance and is none`);
  }
  const { kind, body } = reading.statement;
  const { author, clock, member: id } = row;
  // Governance kinds are those of acts, and the body is that of its kind.
  return { hash, clock, author, id, kind, body } as Act;
}

function isRuling(kind: string): boolean {
  return isKind(kind) && KINDS[kind].governance;
}
