import type { Cid } from '../../core/cid.ts';
import type { IngredientLink } from '../../core/ports/asset-views.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { namedManifests } from '../../core/provenance/manifest-links.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';

/** What is done to a work that is an ingredient of another, as C2PA names it. */
const ACTION = 'c2pa.ingredient';

/** What of the assets that are recorded together the catalog does not have yet. */
export interface Together {
  /** Whose each manifest is. */
  readonly manifests: ReadonlyMap<string, Cid>;
  /** Derivations that have been stated of the group. */
  readonly stated: Set<string>;
}

/** Returns what is known of a group before anything of it is stated. */
export function togetherOf(
  group: Iterable<{ readonly asset: Cid; readonly findings: readonly Finding[] | undefined }>,
): Together {
  const manifests = new Map<string, Cid>();
  for (const { asset, findings = [] } of group) {
    for (const { manifest, relation } of namedManifests(findings)) {
      if (relation === null) manifests.set(manifest, asset);
    }
  }
  return { manifests, stated: new Set() };
}

/**
 * Returns a derivation for each ingredient of an asset's credential that is an asset here, and for each asset here
 * whose credential names this one; each is stated once, whoever says it. A derivation hands on taint and lifts
 * nothing, so it needs no more than that the ingredient's manifest belongs to the parent's bytes.
 */
export function ingredientSayings(
  asset: Cid,
  findings: readonly Finding[],
  at: string,
  { catalog, ledger }: Pick<Archive, 'catalog' | 'ledger'>,
  { manifests, stated }: Together = togetherOf([]),
): readonly Saying[] {
  const named = namedManifests(findings);
  if (named.length === 0 || !mayDerive(ledger)) return [];
  const fresh = named.flatMap(({ manifest, relation }): IngredientLink[] => {
    const parent = manifests.get(manifest);
    if (relation === null || parent === undefined || parent === asset) return [];
    return [{ parent, child: asset, relation }];
  });
  return [...catalog.ingredientLinks(asset, findings), ...fresh]
    .filter((link) => {
      const name = `${link.parent} ${link.child} ${link.relation}`;
      if (stated.has(name) || isStated(link, catalog)) return false;
      stated.add(name);
      return true;
    })
    .map(({ parent, child, relation }) => ({
      statement: createStatement('derivation', { asset: child }, at, {
        ...{ parent, relation, action: ACTION },
      }),
    }));
}

function mayDerive(ledger: Archive['ledger']): boolean {
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  return roles.some((role) => KINDS.derivation.roles.includes(role));
}

function isStated(
  { parent, child, relation }: IngredientLink,
  catalog: Pick<Archive['catalog'], 'facts'>,
): boolean {
  const facts = catalog.facts(child);
  const derivations = facts === undefined ? [] : factsOf(facts, 'derivation');
  return derivations.some(({ body }) => body.parent === parent && body.relation === relation);
}
