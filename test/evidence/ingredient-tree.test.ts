import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/evidence/credentials/cr-json.ts';
import { ingredientTree, manifestDigest } from '../../src/evidence/credentials/ingredient-tree.ts';

const bound = (hash: string) => ({ 'c2pa.hash.data': { alg: 'sha256', hash } });

/** A manifest with ingredients, named by labels as the first versions and the third name them. */
function manifest(label: string, ...ingredients: readonly string[]): Manifest {
  const named = ingredients.map((one, at) => {
    const link = { url: `self#jumbf=/c2pa/${one}${at % 2 === 0 ? '' : '/c2pa.claim'}` };
    const name = at % 2 === 0 ? 'c2pa_manifest' : 'activeManifest';
    return [`c2pa.ingredient__${at}`, { relationship: 'parentOf', [name]: link }];
  });
  return {
    ...{ label, assertions: { ...Object.fromEntries(named), ...bound(label) }, claim: {} },
    ...{ hasClaimV2: false, signature: {}, successes: [], failures: [], ingredientFailures: [] },
  };
}

describe('a tree of ingredients', () => {
  it('names each ingredient as the file that has that manifest names itself', () => {
    const [parent, other] = [manifest('p'), manifest('o')];
    const tree = ingredientTree([manifest('child', 'p', 'o', 'gone'), parent, other]);
    expect(tree.own.map(({ manifest: digest }) => digest)).toEqual([
      ...[manifestDigest(parent), manifestDigest(other), null],
    ]);
  });

  it('calls manifests of one label otherwise that are bound to other bytes', () => {
    const [one, other] = ['x', 'y'].map((hash) => ({ label: 'p', assertions: bound(hash) }));
    expect(one && manifestDigest(one)).not.toBe(other && manifestDigest(other));
  });

  it('ends where a manifest comes up again below itself', () => {
    const ring = [manifest('a', 'b'), manifest('b', 'c'), manifest('c', 'a')];
    expect(ingredientTree(ring)).toMatchObject({ ingredients: 3, depth: 2, isCyclic: true });
    expect(ingredientTree([manifest('a', 'a')])).toMatchObject({ depth: 0, isCyclic: true });
    const twice = [manifest('a', 'b', 'c'), manifest('b', 'c'), manifest('c')];
    expect(ingredientTree(twice)).toMatchObject({ depth: 2, isCyclic: false });
  });

  it('is walked however deep it is', () => {
    const depth = 10_000;
    const chain = Array.from({ length: depth }, (_, at) => manifest(`${at}`, `${at + 1}`));
    expect(ingredientTree(chain)).toMatchObject({ depth: depth - 1, isCyclic: false });
  });
});
