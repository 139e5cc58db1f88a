import type { Cid } from '../core/cid.ts';
import type { IngredientLink } from '../core/ports/catalog.ts';
import type { Finding } from '../core/ports/inspector.ts';
import { factsOf } from '../core/provenance/facts.ts';
import { namedManifests } from '../core/provenance/manifest-links.ts';
import { KINDS } from '../core/statements/kinds.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Saying } from './append-all.ts';
import type { Archive } from './archive.ts';

/** What is done to a work that is an ingredient of another, as C2PA names it. */
const ACTION = 'c2pa.ingredient';

/** Assets that are recorded together, by the manifests that they have. */
export type Together = ReadonlyMap<string, Cid>;

/** Returns what of a group `ingredientSayings` must know that the catalog does not have yet. */
export function manifestsOf(
  group: Iterable<{ readonly asset: Cid; readonly findings: readonly Finding[] | undefined }>,
): Together {
  const together = new Map<string, Cid>();
  for (const { asset, findings = [] } of group) {
    for (const { manifest, relation } of namedManifests(findings)) {
      if (relation === null) together.set(manifest, asset);
    }
  }
  return together;
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
  together: Together = new Map(),
): readonly Saying[] {
  const named = namedManifests(findings);
  if (named.length === 0 || !mayDerive(ledger)) return [];
  const fresh = named.flatMap(({ manifest, relation }): IngredientLink[] => {
    const parent = together.get(manifest);
    if (relation === null || parent === undefined || parent === asset) return [];
    return [{ parent, child: asset, relation }];
  });
  return [...catalog.ingredientLinks(asset, findings), ...fresh]
    .filter((link) => !isStated(link, catalog))
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
