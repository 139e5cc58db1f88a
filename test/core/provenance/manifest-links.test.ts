import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/ports/inspector.ts';
import { leavesOpen, namedManifests } from '../../../src/core/provenance/manifest-links.ts';

interface Told {
  readonly manifest: string;
  readonly relationship: string | null;
  readonly ingredients?: readonly Told[];
}

function credential(ingredients: unknown): Pick<Finding, 'inspector' | 'facts'> {
  return { inspector: 'credentials', facts: { ingredients } as Finding['facts'] };
}

function relationsTo(...own: readonly Told[]): Record<string, string | null> {
  const named = namedManifests([credential({ own })]);
  return Object.fromEntries(named.map(({ manifest, relation }) => [manifest, relation]));
}

const told = (manifest: string, relationship: string, ...ingredients: readonly Told[]): Told => ({
  ...{ manifest, relationship, ingredients },
});

describe('the manifests that a credential names', () => {
  it('are those of ingredients of ingredients too, with what they hand on to the work', () => {
    const below = (name: string) => [
      told(`${name}-edited`, 'parentOf'),
      told(`${name}-part`, 'componentOf'),
      told(`${name}-prompt`, 'inputTo'),
    ];
    const tree = [
      told('edited', 'parentOf', ...below('e')),
      told('part', 'componentOf', ...below('p')),
      told('prompt', 'inputTo', ...below('i')),
    ];
    expect(relationsTo(...tree)).toEqual({
      edited: 'derived-from',
      'e-edited': 'derived-from',
      'e-part': 'composed-of',
      'e-prompt': 'generated-with-input',
      part: 'composed-of',
      'p-edited': 'composed-of',
      'p-part': 'composed-of',
      'p-prompt': 'generative-edit',
      prompt: 'generated-with-input',
      'i-edited': 'generated-with-input',
      'i-part': 'generated-with-input',
      'i-prompt': 'generated-with-input',
    });
  });

  it('are read however deep a stranger nests them, and whatever is no ingredient is passed over', () => {
    let deep = told('last', 'parentOf');
    for (let level = 0; level < 10_000; level += 1) deep = told('between', 'componentOf', deep);
    expect(relationsTo(deep)['last']).toBe('composed-of');
    const odd = { manifest: 7, relationship: {}, ingredients: 'none' } as unknown as Told;
    expect(relationsTo(odd, told('a', '?'))).toEqual({ a: 'derived-from' });
  });

  it('are handed on by every way in which one went into the work, wherever its own ingredients are told', () => {
    const shared = told('shared', 'componentOf', told('below', 'parentOf'));
    const again = told('shared', 'inputTo');
    for (const own of [
      [shared, again],
      [again, shared],
      [shared, told('edited', 'parentOf', again)],
    ]) {
      const named = namedManifests([credential({ own })]);
      const relationsOf = (name: string) =>
        named.flatMap(({ manifest, relation }) => (manifest === name ? relation : [])).sort();
      expect(relationsOf('shared')).toEqual(['composed-of', 'generated-with-input']);
      expect(relationsOf('below')).toEqual(['composed-of', 'generated-with-input']);
    }
  });

  it('are each told once for each relation, however they name each other', () => {
    const ring = Array.from({ length: 2_000 }, (_, at) =>
      told(
        `${at}`,
        ['parentOf', 'componentOf', 'inputTo'][at % 3] ?? '',
        told(`${(at + 1) % 2_000}`, 'componentOf'),
      ),
    );
    const named = namedManifests([credential({ own: ring })]);
    const names = new Set(named.map(({ manifest, relation }) => `${manifest} ${relation}`));
    expect(names.size).toBe(named.length);
    expect(new Set(named.map(({ manifest }) => manifest)).size).toBe(2_000);
  });
});

describe('a credential leaves open what went into its file', () => {
  it.each([
    ['says that there is more than it tells', { own: [], cut: true }],
    ['names what was given to a program', { own: [told('a', 'inputTo')] }],
    ['names it below', { own: [told('a', 'componentOf', told('b', 'inputTo'))] }],
    ['names it without a manifest', { own: [{ manifest: null, relationship: 'inputTo' }] }],
  ])('where it %s', (_what, ingredients) => {
    expect(leavesOpen(credential(ingredients))).toBe(true);
    expect(leavesOpen({ ...credential(ingredients), inspector: 'traces' })).toBe(false);
  });

  it('and not where it names parts and earlier states alone', () => {
    const own = [told('a', 'parentOf', told('b', 'componentOf')), told('c', '?')];
    expect(leavesOpen(credential({ own, cut: false }))).toBe(false);
    expect(leavesOpen(credential(undefined))).toBe(false);
  });
});
