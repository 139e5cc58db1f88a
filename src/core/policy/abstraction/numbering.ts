import type { StatementId } from '../../statements/fields.ts';
import type { Ref } from '../input.ts';

/** Gives small numbers to statements, organisations and people, in order of first use. */
export class Numbering {
  readonly ids: StatementId[] = [];
  readonly witnesses: (readonly number[])[] = [];
  readonly #refs = new Map<StatementId, Ref>();
  readonly #organisations = new Map<string, number>();
  readonly #makers = new Map<string, number>();
  readonly #people = new Map<string, number>();

  ref(statement: { readonly id: StatementId; readonly witnesses?: readonly string[] }): Ref {
    const known = this.#refs.get(statement.id);
    if (known !== undefined) return known;
    const ref = this.ids.length;
    this.#refs.set(statement.id, ref);
    this.ids.push(statement.id);
    this.witnesses.push((statement.witnesses ?? []).map((id) => this.organisation(id)));
    return ref;
  }

  refs(statements: readonly { readonly id: StatementId }[]): readonly Ref[] {
    return statements.map((statement) => this.ref(statement));
  }

  organisation(id: string): number {
    return place(this.#organisations, id);
  }

  /** A maker, by the commitment that a deposit makes to the name. */
  maker(commitment: string): number {
    return place(this.#makers, commitment);
  }

  /** A member, by key. */
  person(did: string): number {
    return place(this.#people, did);
  }
}

function place(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(key, number);
  return number;
}
