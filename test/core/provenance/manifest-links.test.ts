import { describe, expect, it } from 'vitest';
import { namedManifests } from '../../../src/core/provenance/manifest-links.ts';

interface Told {
  readonly manifest: string;
  readonly relationship: string | null;
  readonly ingredients?: readonly Told[];
}

function relationsTo(...own: readonly Told[]): Record<string, string | null> {
  const named = namedManifests([
    { inspector: 'credentials', facts: { ingredients: { own } } } as never,
  ]);
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
});
