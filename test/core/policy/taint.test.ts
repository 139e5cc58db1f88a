import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { abstractFacts } from '../../../src/core/policy/abstraction/abstract-facts.ts';
import { edgesOf } from '../../../src/core/policy/abstraction/lineage.ts';
import { ownTaint } from '../../../src/core/policy/origin.ts';
import {
  joinTaints,
  leastTaints,
  type Relation,
  TAINTS,
  type TaintNode,
  taintThrough,
} from '../../../src/core/policy/taint.ts';
import { drawing, History, OPERATOR } from '../../support/history.ts';
import { assetCid, SCREEN_CAPTURE } from '../../support/statement-bodies.ts';

const RELATIONS: readonly Relation[] = [
  'derived-from',
  'composed-of',
  'generated-with-input',
  'generative-edit',
  'digitisation-of',
  'inspired-by',
];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => assetCid(name));
const [A, B, C] = NAMES as [Cid, Cid, Cid, ...Cid[]];

type Graph = ReadonlyMap<Cid, TaintNode>;

const graph: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      own: fc.constantFrom(...TAINTS),
      edges: fc.array(
        fc.record({
          parent: fc.constantFrom(...NAMES),
          relation: fc.constantFrom(...RELATIONS),
        }),
        { maxLength: 3 },
      ),
    }),
    { minLength: NAMES.length, maxLength: NAMES.length },
  )
  .map((nodes) => new Map(nodes.flatMap((node, i) => (NAMES[i] ? [[NAMES[i], node]] : []))));

function nodeOf(history: History): TaintNode {
  const { input } = abstractFacts(history.facts(), history.context());
  return { own: ownTaint(input), edges: edgesOf(history.facts()) };
}

function taintsOf(nodes: Graph): Record<string, string> {
  const known = leastTaints(NAMES, (asset) => nodes.get(asset));
  return Object.fromEntries([...known].map(([asset, { taint }]) => [asset, taint]));
}

describe('taint', () => {
  it.each([
    ['derived-from', 'SYNTHETIC', 'SYNTHETIC'],
    ['derived-from', 'CLEAN', 'CLEAN'],
    ['composed-of', 'SYNTHETIC', 'MIXED'],
    ['composed-of', 'UNKNOWN', 'UNKNOWN'],
    ['generated-with-input', 'CLEAN', 'SYNTHETIC'],
    ['generative-edit', 'CLEAN', 'MIXED'],
    ['generative-edit', 'SYNTHETIC', 'SYNTHETIC'],
    ['digitisation-of', 'UNKNOWN', 'UNKNOWN'],
    ['inspired-by', 'SYNTHETIC', 'CLEAN'],
  ] as const)('%s a %s work gives %s', (relation, parent, taint) => {
    expect(taintThrough(relation, parent)).toBe(taint);
  });

  it('is the least that agrees with every derivation, cycles included', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        // The same by brute force: start at the bottom and apply every edge until nothing changes.
        const expected = new Map([...nodes].map(([asset, { own }]) => [asset, own]));
        for (let round = 0; round < NAMES.length * TAINTS.length; round++) {
          for (const [asset, { own, edges }] of nodes) {
            expected.set(
              asset,
              edges.reduce(
                (taint, { relation, parent }) =>
                  joinTaints(taint, taintThrough(relation, expected.get(parent) ?? 'UNKNOWN')),
                own,
              ),
            );
          }
        }
        expect(taintsOf(nodes)).toEqual(Object.fromEntries(expected));
      }),
    );
  });

  it('has a path along derivations that ends where the taint comes from', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const known = leastTaints(NAMES, (asset) => nodes.get(asset));
        for (const [asset, { taint, path }] of known) {
          if (taint === 'CLEAN') {
            expect(path).toEqual([]);
            continue;
          }
          expect(path[0]).toBe(asset);
          expect(new Set(path).size).toBe(path.length);
          path.slice(1).forEach((parent, i) => {
            const child = path[i];
            const edges = child === undefined ? undefined : nodes.get(child)?.edges;
            expect(edges?.map((edge) => edge.parent)).toContain(parent);
          });
        }
      }),
    );
  });

  it('does not depend on the order of derivations', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const reversed = new Map(
          [...nodes]
            .reverse()
            .map(([asset, { own, edges }]) => [asset, { own, edges: [...edges].reverse() }]),
        );
        const forwards = leastTaints(NAMES, (asset) => nodes.get(asset));
        const backwards = leastTaints([...NAMES].reverse(), (asset) => reversed.get(asset));
        for (const [asset, known] of forwards) expect(backwards.get(asset)).toEqual(known);
      }),
    );
  });

  it('of a cycle of clean works is clean', () => {
    const nodes: Graph = new Map([
      [A, { own: 'CLEAN', edges: [{ parent: B, relation: 'derived-from' }] }],
      [B, { own: 'CLEAN', edges: [{ parent: A, relation: 'derived-from' }] }],
    ]);
    expect(leastTaints([A], (asset) => nodes.get(asset)).get(A)?.taint).toBe('CLEAN');
  });

  it('of a work made from one that nobody knows is unknown, and the path says from which', () => {
    const nodes: Graph = new Map([
      [A, { own: 'CLEAN', edges: [{ parent: B, relation: 'derived-from' }] }],
      [B, { own: 'CLEAN', edges: [{ parent: C, relation: 'digitisation-of' }] }],
    ]);
    expect(leastTaints([A], (asset) => nodes.get(asset)).get(A)).toEqual({
      taint: 'UNKNOWN',
      path: [A, B, C],
    });
  });
});

describe("an asset's own taint", () => {
  it('is clean only if human making is shown and nobody registered it as generated', () => {
    const history = drawing();
    expect(nodeOf(history)).toEqual({ own: 'CLEAN', edges: [] });
    history.say('synthetic');
    expect(nodeOf(history).own).toBe('UNKNOWN');

    const unproven = new History();
    unproven.say('deposit');
    expect(nodeOf(unproven).own).toBe('UNKNOWN');
  });

  it('is unknown as long as anything leaves open how it was made', () => {
    const history = drawing();
    history.say('declaration', { digitalSourceType: SCREEN_CAPTURE, identity: null });
    expect(nodeOf(history).own).toBe('UNKNOWN');
  });

  it('is synthetic by the record of an operator, and names what it was made from', () => {
    const history = new History();
    history.say('synthetic', { basis: 'operator' }, { by: OPERATOR });
    history.say('derivation', { parent: B, relation: 'generated-with-input' });
    expect(nodeOf(history)).toEqual({
      own: 'SYNTHETIC',
      edges: [{ parent: B, relation: 'generated-with-input' }],
    });
  });

  it('is not made clean by a claim that an algorithm made it', () => {
    const history = new History();
    history.say('deposit');
    history.say('declaration', {
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
      identity: null,
    });
    expect(nodeOf(history).own).toBe('UNKNOWN');
  });
});
