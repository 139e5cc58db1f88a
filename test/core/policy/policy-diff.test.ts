import { describe, expect, it } from 'vitest';
import { policyDiff } from '../../../src/core/policy/policy-diff.ts';
import { shippedPolicy } from '../../support/verdicts.ts';

const corroborated = shippedPolicy('corroborated');

describe('the difference of two policies', () => {
  it('is told part by part, in words', () => {
    const other = {
      ...corroborated,
      floor: 'H3' as const,
      copyAgeDays: 90,
      licences: [...corroborated.licences.filter((one) => one !== 'CC0-1.0'), 'MIT'],
      cutOffs: { ...corroborated.cutOffs, image: '2019-12-31' },
    };
    expect(policyDiff(corroborated, other)).toEqual([
      'greatest age of a proof in days: any → 90',
      'licences that allow every use: no longer CC0-1.0',
      'licences that allow every use: now also MIT',
      'least level: H2 → H3',
      'age counts up to: no longer image 2020-12-31',
      'age counts up to: now also image 2019-12-31',
    ]);
  });

  it('is empty where only name and version differ', () => {
    expect(policyDiff(corroborated, { ...corroborated, name: 'other', version: 2 })).toEqual([]);
  });
});
