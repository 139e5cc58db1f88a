import { expect, it } from 'vitest';
import { IDENTITIES } from '../../src/evidence/inspector-identities.ts';
import { INSPECTORS } from '../../src/evidence/inspector-list.ts';

it('tells of every inspector what it says of itself, in the order of the findings', () => {
  const own = INSPECTORS.map(({ name, version, readsAll, whenUnreadable }) => ({
    name,
    version,
    readsAll,
    whenUnreadable,
  }));
  expect(IDENTITIES).toEqual(own);
});
