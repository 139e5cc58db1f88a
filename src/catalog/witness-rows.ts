import type { Ledger } from '../core/ports/ledger.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { Pacer } from './pacer.ts';

/**
 * The rows of `witnesses`: an organisation witnesses an entry by a checkpoint entry that has it in its
 * past. Entries arrive after their past, so a checkpoint can only speak of what is here.
 */
export class WitnessRows {
  readonly #ledger: Pick<Ledger, 'isAncestor'>;
  readonly #open: Query<{ id: number; hash: EntryHash }>;
  readonly #add: Query<never>;
  readonly #assets: Query<{ asset: number }>;
  readonly #sets: Query<{ id: number }>;
  readonly #foreignDepositor: Query<{ id: number }>;

  constructor(db: Database, ledger: Pick<Ledger, 'isAncestor'>) {
    this.#ledger = ledger;
    this.#open = db.prepare(
      `SELECT id, hash FROM entries WHERE id < ? AND NOT EXISTS (
         SELECT 1 FROM witnesses WHERE entry = entries.id AND organisation = ?) ORDER BY id`,
    );
    this.#add = db.prepare('INSERT INTO witnesses (entry, organisation) VALUES (?, ?)');
    // What an organisation deposited itself it cannot witness; see FactReader.facts.
    const isForeign = `NOT EXISTS (
      SELECT 1 FROM statements AS own JOIN voices ON voices.id = own.voice
      WHERE own.asset = statements.asset AND own.kind = 'deposit' AND organisation = ?)`;
    this.#assets = db.prepare(
      `SELECT DISTINCT asset FROM statements
       WHERE entry = ? AND asset IS NOT NULL AND ${isForeign} ORDER BY asset`,
    );
    this.#sets = db.prepare(
      `SELECT DISTINCT subject_set AS id FROM statements
       WHERE entry = ? AND subject_set IS NOT NULL ORDER BY subject_set`,
    );
    this.#foreignDepositor = db.prepare(
      `SELECT id FROM voices WHERE organisation <> ? AND EXISTS (
         SELECT 1 FROM statements WHERE kind = 'deposit' AND voice = voices.id)`,
    );
  }

  /**
   * Records what a checkpoint entry witnesses and returns the assets and sets that statements newly
   * witnessed are about.
   */
  async add(
    arrival: number,
    checkpoint: EntryHash,
    organisation: string,
    pacer: Pacer,
  ): Promise<{ readonly assets: readonly number[]; readonly sets: readonly number[] }> {
    const assets: number[] = [];
    const sets: number[] = [];
    const isAlone = this.#foreignDepositor.get(organisation) === undefined;
    for (const entry of this.#open.all(arrival, organisation)) {
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
      if (!this.#ledger.isAncestor(entry.hash, checkpoint)) continue;
      this.#add.run(entry.id, organisation);
      if (isAlone) continue;
      for (const { asset } of this.#assets.all(entry.id, organisation)) assets.push(asset);
      for (const { id } of this.#sets.all(entry.id)) sets.push(id);
    }
    return { assets, sets };
  }
}
