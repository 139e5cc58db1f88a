import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../src/core/provenance/facts.ts';
import { isAssetKind, reduceFacts } from '../../../src/core/provenance/reduce.ts';
import { KINDS, type KindName } from '../../../src/core/statements/kinds.ts';
import { readStatement } from '../../../src/core/statements/statement.ts';
import { ASSET, BY_MAKER, drawing, History } from '../../support/history.ts';

describe('the facts of an asset', () => {
  it('are the same in whatever order and however often statements arrive', () => {
    const history = drawing();
    history.say('dispute');
    history.sayUnknown();
    const { statements, unknown } = history;
    const expected = reduceFacts(ASSET, statements, unknown);
    const again = [...statements].reverse();
    expect(reduceFacts(ASSET, [...again, ...again], [...unknown, ...unknown])).toEqual(expected);
    expect(expected.unknown).toEqual(unknown);
  });

  it('only grow: what is known stays beside what is added', () => {
    const history = drawing();
    const before = history.facts();
    history.say('deposit');
    const after = history.facts();
    expect(factsOf(after, 'deposit')).toHaveLength(2);
    for (const fact of factsOf(before, 'deposit'))
      expect(factsOf(after, 'deposit')).toContainEqual(fact);
    expect(factsOf(after, 'custody')).toEqual(factsOf(before, 'custody'));
  });

  it('say of each statement whether it is about a set, and whether it was carried', () => {
    const history = new History();
    history.say('custody', {}, { ofSet: true });
    history.say('declaration', {}, BY_MAKER);
    expect(factsOf(history.facts(), 'custody')).toMatchObject([{ bySet: true, carried: false }]);
    expect(factsOf(history.facts(), 'declaration')).toMatchObject([
      { bySet: false, carried: true },
    ]);
    expect(factsOf(history.facts(), 'deposit')).toEqual([]);
  });

  it('are of the kinds that can be about an asset', () => {
    for (const [kind, { about }] of Object.entries(KINDS)) {
      // Object.entries forgets which names there are.
      if (about !== 'anything')
        expect(isAssetKind(kind as KindName), kind).toBe(about !== 'nothing');
    }
  });

  it('leave out what concerns no asset', () => {
    const history = new History();
    history.say('deposit');
    const [deposit] = history.statements;
    const reading = readStatement({
      kind: 'enactment',
      v: 1,
      about: null,
      at: '2026-11-22T00:00:00Z',
      body: { proposal: deposit?.id },
    });
    if (deposit === undefined || reading.outcome !== 'known') throw new Error('no such statement');
    const enactment = { ...deposit, id: `${deposit.entry}/1`, statement: reading.statement };
    expect(reduceFacts(ASSET, [deposit, enactment])).toEqual(reduceFacts(ASSET, [deposit]));
  });
});
