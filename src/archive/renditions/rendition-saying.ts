import type { Cid } from '../../core/cid.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { Recipe } from '../../core/renditions/recipes.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';

/** Returns the statement that an asset comes out of a master by a recipe, with the version that made it. */
export function renditionSaying(
  asset: Cid,
  made: { readonly master: Cid; readonly recipe: Recipe; readonly version: string },
  at: string,
): Saying {
  const { name, tool, parameters } = made.recipe;
  return {
    statement: createStatement('rendition', { asset }, at, {
      ...{ parent: made.master, recipe: name, tool },
      version: made.version,
      parameters: { ...parameters },
    }),
  };
}

/** Says whether this home's organisation has said so already. */
export function isStatedHere(
  asset: Cid,
  master: Cid,
  { name }: Recipe,
  { catalog, ledger }: Pick<Archive, 'catalog' | 'ledger'>,
): boolean {
  const facts = catalog.facts(asset);
  const stated = facts === undefined ? [] : factsOf(facts, 'rendition');
  return stated.some(
    ({ organisation, body }) =>
      organisation === ledger.self.organisation && body.parent === master && body.recipe === name,
  );
}
