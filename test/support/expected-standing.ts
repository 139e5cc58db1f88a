import { isKind, KINDS, type Role } from '../../src/core/statements/kinds.ts';
import type { SeenEntry } from './seen-ledger.ts';

/**
 * Says of statements whether they must stand, by the words of the rules and the entries alone: ancestors
 * are sets, and nothing of the fold is used. For archives whose stewards stay in their seats; what
 * becomes of proposals it does not say.
 */
export class ExpectedStanding {
  readonly #stewards: ReadonlySet<string>;
  readonly #entries: readonly SeenEntry[];
  readonly #pasts = new Map<string, ReadonlySet<string>>();
  readonly #byHash: ReadonlyMap<string, SeenEntry>;

  /** The entries with parents before children, and the stewards' ids. */
  constructor(entries: readonly SeenEntry[], stewards: readonly string[]) {
    this.#stewards = new Set(stewards);
    this.#entries = entries;
    this.#byHash = new Map(entries.map((entry) => [entry.hash, entry]));
    for (const { hash, parents } of entries) {
      const past = parents.flatMap((parent) => [parent, ...this.#past(parent)]);
      this.#pasts.set(hash, new Set(past));
    }
  }

  /** Returns the ids of the statements that must count for nothing, with those of proposals left out. */
  voids(): ReadonlySet<string> {
    const ids = this.#entries.flatMap((entry) =>
      entry.statements.flatMap(({ kind }, place) =>
        this.#mustStand(entry, kind) ? [] : [`${entry.hash}/${place}`],
      ),
    );
    return new Set(ids);
  }

  #mustStand(entry: SeenEntry, kind: string): boolean {
    if (this.#stewards.has(entry.author) || !isKind(kind)) return true;
    const { governance, roles: allowed } = KINDS[kind];
    const byStewards = this.#endingsByStewards(entry.author);
    // A member that is no steward ends itself; only stewards may have ended it before.
    if (governance) return this.#isAdopted(entry) || this.#rolesAt(entry, byStewards).length > 0;
    const byItself = this.#endings(entry.author).filter(
      (ending) => !this.#isBySteward(ending) && this.#rolesAt(ending, byStewards).length > 0,
    );
    const roles = this.#rolesAt(entry, [...byStewards, ...byItself]);
    if (roles.some((role) => (allowed as readonly Role[]).includes(role))) return true;
    return roles.length === 0 && kind !== 'checkpoint' && this.#isAdopted(entry);
  }

  /** The roles by grants in the entry's past that no ending takes away. */
  #rolesAt(entry: SeenEntry, endings: readonly SeenEntry[]): readonly Role[] {
    return this.#grantsOf(entry.author).flatMap(({ grant, from, role }) => {
      if (!this.#past(entry.hash).has(grant.hash)) return [];
      const isEnded = endings.some(
        (ending) => !this.#past(from).has(ending.hash) && !this.#keeps(ending, entry),
      );
      return isEnded ? [] : [role];
    });
  }

  /** Grants by stewards, and admissions, which have seen what their invitation has. */
  #grantsOf(member: string) {
    return this.#entries.flatMap((grant) => {
      const [statement] = grant.statements;
      const body = statement?.body ?? {};
      if (statement?.kind === 'grant' && body['key'] === member && this.#isBySteward(grant))
        return [{ grant, from: grant.hash, role: body['role'] as Role }];
      if (statement?.kind !== 'admit' || body['id'] !== member) return [];
      const [from = ''] = String(body['invitation']).split('/');
      const role = this.#byHash.get(from)?.statements[0]?.body['role'] as Role;
      return [{ grant, from, role }];
    });
  }

  #endings(member: string): readonly SeenEntry[] {
    return this.#entries.filter(({ statements: [statement] }) => {
      return statement?.kind === 'revoke' && statement.body['id'] === member;
    });
  }

  #endingsByStewards(member: string): readonly SeenEntry[] {
    return this.#endings(member).filter((ending) => this.#isBySteward(ending));
  }

  #keeps(ending: SeenEntry, { hash }: SeenEntry): boolean {
    if (ending.hash === hash) return true;
    const last = (ending.statements[0]?.body['last'] ?? []) as readonly string[];
    return last.some((newest) => newest === hash || this.#past(newest).has(hash));
  }

  #isAdopted({ hash }: SeenEntry): boolean {
    return this.#entries.some((entry) => {
      const [statement] = entry.statements;
      if (statement?.kind !== 'adopt' || !this.#stewards.has(entry.author)) return false;
      return (statement.body['entries'] as readonly string[]).includes(hash);
    });
  }

  /** What a steward adopts is its own word. */
  #isBySteward(entry: SeenEntry): boolean {
    return this.#stewards.has(entry.author) || this.#isAdopted(entry);
  }

  #past(hash: string): ReadonlySet<string> {
    return this.#pasts.get(hash) ?? new Set();
  }
}
