import type { Did } from '../../core/entries/did-key.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';

interface CheckpointRow {
  readonly clock: number;
  readonly hash: EntryHash;
}

/** The assets and sets that statements newly witnessed are about. */
interface Seen {
  readonly assets: number[];
  readonly sets: number[];
  /** The first entry with the note that others confirm here; undefined if nobody does, or could. */
  confirmed?: CheckpointRow;
}

/**
 * The rows of `witnesses`: an organisation witnesses an entry by a checkpoint entry that has it in its
 * past, or by a cosignature that such an entry carries. Entries arrive after their past, so a checkpoint
 * can only speak of what is here.
 *
 * A cosignature may be carried later than the checkpoint that it confirms; it speaks of the past of the
 * first entry by the author that holds the same note. A note of fewer entries than lie in a line behind
 * that entry cannot be about all of them, and its cosignatures count for nothing.
 */
export class WitnessRows {
  readonly #ledger: Pick<Ledger, 'isAncestor'>;
  readonly #open: Query<{ id: number; hash: EntryHash }>;
  readonly #add: Query<never>;
  readonly #assets: Query<{ asset: number }>;
  readonly #sets: Query<{ id: number }>;
  readonly #foreignDepositor: Query<{ id: number }>;
  readonly #addCheckpoint: Query<never>;
  readonly #checkpoints: Query<CheckpointRow>;

  constructor(db: Database, ledger: Pick<Ledger, 'isAncestor'>) {
    this.#ledger = ledger;
    this.#open = db.prepare(
      `SELECT id, hash FROM entries WHERE id < ? AND NOT EXISTS (
         SELECT 1 FROM witnesses WHERE entry = entries.id AND organisation = ? AND since <= ?)
       ORDER BY id`,
    );
    this.#add = db.prepare('INSERT OR REPLACE INTO witnesses VALUES (?, ?, ?)');
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
    this.#addCheckpoint = db.prepare('INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?, ?)');
    this.#checkpoints = db.prepare(
      'SELECT clock, hash FROM checkpoints WHERE author = ? AND note = ? ORDER BY clock, hash',
    );
  }

  /** Records what a checkpoint statement witnesses and returns what it newly says something of. */
  async add(
    arrival: number,
    checkpoint: StandingStatement,
    body: BodyOf<'checkpoint'>,
    pacer: Pacer,
  ): Promise<Seen> {
    const seen: Seen = { assets: [], sets: [] };
    const { author, clock, entry, organisation, cosigners = [] } = checkpoint;
    const text = body.note.slice(0, body.note.lastIndexOf('\n\n') + 1);
    this.#addCheckpoint.run(author, text, clock, entry);
    const since = checkpoint.statement.at.slice(0, 10);
    await this.#witness({ arrival, hash: entry, organisation, since }, seen, pacer);
    if (cosigners.length === 0) return seen;
    const first = this.#first(author, text, { clock, hash: entry });
    if (first.clock - 1 > body.size) return seen;
    if (cosigners.some((one) => one.organisation !== organisation)) seen.confirmed = first;
    for (const { organisation: cosigner, time } of cosigners) {
      const day = new Date(time * 1000).toISOString().slice(0, 10);
      const { hash } = first;
      await this.#witness({ arrival, hash, organisation: cosigner, since: day }, seen, pacer);
    }
    return seen;
  }

  /** The author's first entry with this note, as far as the carrying entry itself has seen. */
  #first(author: Did, note: string, carrying: CheckpointRow): CheckpointRow {
    const found = this.#checkpoints
      .all(author, note)
      .find(({ hash }) => this.#ledger.isAncestor(hash, carrying.hash));
    return found ?? carrying;
  }

  async #witness(
    by: {
      readonly arrival: number;
      /** The checkpoint entry whose past is witnessed. */
      readonly hash: EntryHash;
      readonly organisation: string;
      readonly since: string;
    },
    seen: Seen,
    pacer: Pacer,
  ): Promise<void> {
    const { organisation, since } = by;
    const isAlone = this.#foreignDepositor.get(organisation) === undefined;
    for (const entry of this.#open.all(by.arrival, organisation, since)) {
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
      if (!this.#ledger.isAncestor(entry.hash, by.hash)) continue;
      this.#add.run(entry.id, organisation, since);
      if (isAlone) continue;
      for (const { asset } of this.#assets.all(entry.id, organisation)) seen.assets.push(asset);
      for (const { id } of this.#sets.all(entry.id)) seen.sets.push(id);
    }
  }
}
