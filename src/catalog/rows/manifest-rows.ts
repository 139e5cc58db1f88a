import type { Cid } from '../../core/cid.ts';
import type { IngredientLink } from '../../core/ports/asset-views.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { type NamedManifest, namedManifests } from '../../core/provenance/manifest-links.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

type Seen = Pick<Finding, 'inspector' | 'facts'>;
type Relation = IngredientLink['relation'];

/**
 * The rows of `manifests`: which assets have a manifest, and which were made from one that has. That a manifest
 * belongs to an asset's bytes counts only where the home's own organisation has found it: this home signs
 * derivations by it, and has checked nobody else's. What others say that a work was made from is taken from
 * everybody: it can only speak against that work, and they could state it as well.
 */
export class ManifestRows {
  readonly #add: Query<never>;
  readonly #ofAsset: Query<{ manifest: string; relation: Relation | '' }>;
  readonly #named: Query<{ cid: Cid; relation: Relation | '' }>;

  constructor(db: Database) {
    this.#add = db.prepare(
      'INSERT INTO manifests (manifest, asset, relation) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#ofAsset = db.prepare(
      `SELECT manifest, relation FROM manifests
       WHERE asset = (SELECT id FROM assets WHERE cid = ?) ORDER BY manifest, relation`,
    );
    this.#named = db.prepare(
      `SELECT cid, relation FROM manifests JOIN assets ON assets.id = manifests.asset
       WHERE manifest = ? ORDER BY cid, relation`,
    );
  }

  add(asset: number, findings: readonly Seen[], { isOwn }: { readonly isOwn: boolean }): void {
    for (const { manifest, relation } of namedManifests(findings)) {
      if (relation === null && !isOwn) continue;
      this.#add.run(manifest, asset, relation ?? '');
    }
  }

  /** Returns which asset was made from which, as far as one of the two is this. */
  links(cid: Cid, fresh: readonly Seen[]): readonly IngredientLink[] {
    const stored = this.#ofAsset.all(cid).map(toNamed);
    const links = new Map<string, IngredientLink>();
    const link = (parent: Cid, child: Cid, relation: Relation) => {
      if (parent !== child)
        links.set(`${parent} ${child} ${relation}`, { parent, child, relation });
    };
    for (const { manifest, relation: own } of [...stored, ...namedManifests(fresh)]) {
      for (const { cid: other, relation } of this.#named.all(manifest)) {
        if (own === null && relation !== '') link(cid, other, relation);
        if (own !== null && relation === '') link(other, cid, own);
      }
    }
    return [...links.values()];
  }
}

function toNamed(row: {
  readonly manifest: string;
  readonly relation: Relation | '';
}): NamedManifest {
  return { manifest: row.manifest, relation: row.relation === '' ? null : row.relation };
}
