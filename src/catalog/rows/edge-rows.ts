import type { Database, Statement as Query } from '../../sqlite/database.ts';

/**
 * The rows of `edges` and `taints`: who was made from whom, and what a parent passes on: its taint,
 * and to renditions why it is given to nobody and the digest of all that they inherit.
 */
export class EdgeRows {
  readonly #add: Query<never>;
  readonly #addTaint: Query<never>;
  readonly #taint: Query<{ taint: string }>;
  readonly #setTaint: Query<never>;
  readonly #children: Query<{ child: number }>;

  constructor(db: Database) {
    this.#add = db.prepare(
      'INSERT INTO edges (parent, child) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#addTaint = db.prepare(
      `INSERT INTO taints (asset, taint) VALUES (?, '') ON CONFLICT DO NOTHING`,
    );
    this.#taint = db.prepare('SELECT taint FROM taints WHERE asset = ?');
    this.#setTaint = db.prepare('UPDATE taints SET taint = ? WHERE asset = ?');
    this.#children = db.prepare('SELECT child FROM edges WHERE parent = ? ORDER BY child');
  }

  add(parent: number, child: number): void {
    this.#add.run(parent, child);
    this.#addTaint.run(parent);
  }

  /** Records what an asset passes on, and returns the children for whom that is news. */
  update(asset: number, handedOn: () => string): readonly number[] {
    const before = this.#taint.get(asset)?.taint;
    if (before === undefined) return [];
    const after = handedOn();
    if (after === before) return [];
    this.#setTaint.run(after, asset);
    return this.#children.all(asset).map((row) => row.child);
  }
}
