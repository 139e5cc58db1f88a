import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/evidence/credentials/cr-json.ts';
import {
  type Ingredient,
  ingredientTree,
  manifestDigest,
} from '../../src/evidence/credentials/ingredient-tree.ts';

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

  it("tells the ingredients of ingredients, each manifest's once, where it is nearest", () => {
    const all = [
      manifest('a', 'b', 'c'),
      manifest('b', 'd'),
      manifest('c', 'd', 'a'),
      manifest('d', 'e'),
    ];
    const { own, isCut, titles } = ingredientTree([...all, manifest('e')]);
    const shape = ({ ingredients }: Ingredient): unknown => ingredients.map(shape);
    expect(own.map(shape)).toEqual([[[[]]], [[], []]]);
    expect(own[0]?.ingredients[0]?.manifest).toBe(manifestDigest(manifest('d')));
    expect([isCut, titles.at(-1)?.where]).toEqual([
      false,
      'ingredients[0].ingredients[0].ingredients[0]',
    ]);
  });

  it('tells the nearest of very many, and says that it does not tell all', () => {
    const wide = Array.from({ length: 200 }, (_, at) => `${at}`);
    const { own, isCut } = ingredientTree([manifest('a', ...wide), manifest('0', 'x')]);
    expect([own.length, own[0]?.ingredients, isCut]).toEqual([128, [], true]);
  });

  it('says of each ingredient what is amiss with its manifest and how it says it was made', () => {
    const type = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
    const actions = { 'c2pa.actions.v2': { actions: [{ digitalSourceType: type }] } };
    const made = manifest('b');
    const below = {
      ...made,
      assertions: { ...made.assertions, ...actions },
      failures: ['assertion.dataHash.mismatch'],
    };
    expect(ingredientTree([manifest('a', 'b'), below]).own).toMatchObject([
      { codes: ['assertion.dataHash.mismatch'], digitalSourceTypes: [type], ingredients: [] },
    ]);
  });

  it('is walked however deep it is', () => {
    const depth = 10_000;
    const chain = Array.from({ length: depth }, (_, at) => manifest(`${at}`, `${at + 1}`));
    expect(ingredientTree(chain)).toMatchObject({ depth: depth - 1, isCyclic: false, isCut: true });
  });
});
