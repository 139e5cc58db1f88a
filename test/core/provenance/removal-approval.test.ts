import { describe, expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import {
  type Approvers,
  approvedFrom,
  REFLECTION_MS,
  type SaidRemoval,
} from '../../../src/core/provenance/removal-approval.ts';
import type { StatementId } from '../../../src/core/statements/fields.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';

const [ann, anns, ben] = ['ann', 'anns', 'ben'].map((name) => signerOf(name).did) as [
  SaidRemoval['author'],
  SaidRemoval['author'],
  SaidRemoval['author'],
];
const asked = Date.parse('2026-11-20T12:00:00Z');
const at = (ms: number) => new Date(ms).toISOString().replace('.000', '');
const cidOf = (text: string) => cidFromDigest(CODEC.raw, sha256(Buffer.from(text)));
const asset = cidOf('one');
const removal: SaidRemoval = {
  ...{ id: 'asked/0' as StatementId, author: ann, at: at(asked) },
  ...{ about: { asset }, confirms: null },
};
const confirmation: SaidRemoval = {
  ...removal,
  ...{ id: 'confirmed/0' as StatementId, confirms: removal.id },
};

/** Ann has two keys. */
function approvers(...stewards: Approvers['stewards']): Approvers {
  return { stewards, memberWith: (key) => (key === anns ? ann : key) };
}

function from(over: Partial<SaidRemoval>, stewards: Approvers['stewards']) {
  return approvedFrom(removal, { ...confirmation, ...over }, approvers(...stewards));
}

describe('a removal that is confirmed', () => {
  it('is due at once by another steward', () => {
    const soon = asked + 1_000;
    expect(from({ author: ben, at: at(soon) }, [ann, ben])).toBe(soon);
  });

  it('is due a day later by a steward who is alone', () => {
    const day = asked + REFLECTION_MS;
    expect(from({ at: at(day) }, [ann])).toBe(day);
    expect(from({ at: at(day + 5_000) }, [ann])).toBe(day);
    expect(from({ at: at(day - 1_000) }, [ann])).toBeUndefined();
  });

  it('is never due by the steward who asked where there is another, whatever key signs', () => {
    const late = at(asked + 9 * REFLECTION_MS);
    expect(from({ at: late }, [ann, ben])).toBeUndefined();
    expect(from({ at: late, author: anns }, [ann, ben])).toBeUndefined();
    expect(from({ at: late, author: anns }, [ann])).toBe(asked + REFLECTION_MS);
  });

  it('is not due by what confirms another removal, none, or is about something else', () => {
    const other = { author: ben };
    expect(from({ ...other, confirms: 'other/0' as StatementId }, [ann, ben])).toBeUndefined();
    expect(from({ ...other, confirms: null }, [ann, ben])).toBeUndefined();
    expect(from({ ...other, about: { asset: cidOf('two') } }, [ann, ben])).toBeUndefined();
    expect(from({ ...other, about: { set: asset } }, [ann, ben])).toBeUndefined();
    expect(approvedFrom(confirmation, confirmation, approvers(ann))).toBeUndefined();
  });
});
