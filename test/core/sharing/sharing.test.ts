import { describe, expect, it } from 'vitest';
import {
  type AssetDeposit,
  type DepositAccess,
  isPublic,
  mayHaveBytes,
  mayHaveRecord,
} from '../../../src/core/sharing/readership.ts';
import {
  isWanted,
  parseReplicaPolicy,
  type ReplicaSubject,
} from '../../../src/core/sharing/replica-policy.ts';

const C = 'c'.repeat(32);
const D = 'd'.repeat(32);
const HOUSE = '1'.repeat(32);
const STUDIO = '2'.repeat(32);

const picture: ReplicaSubject = {
  status: 'deposited',
  mediaType: 'image/png',
  collections: [C],
  isEligible: () => true,
};

describe('a replica policy', () => {
  it.each([
    ['all', true],
    ['none', false],
    ['eligible', true],
    [`collection:${C}`, true],
    [`collection:${D}`, false],
    ['media:image', true],
    ['media:image/*', true],
    ['media:image/png', true],
    ['media:image/pn', false],
    ['media:audio', false],
  ])('%s wants a picture: %s', (text, expected) => {
    expect(isWanted([parseReplicaPolicy(text)], picture)).toBe(expected);
  });

  it('is narrowed by a second one, and wants nothing that was removed or is not eligible', () => {
    const all = parseReplicaPolicy('all');
    expect(isWanted([all, parseReplicaPolicy('media:audio')], picture)).toBe(false);
    expect(isWanted([all], { ...picture, status: 'removed' })).toBe(false);
    const eligible = parseReplicaPolicy('eligible');
    expect(isWanted([all, eligible], { ...picture, isEligible: () => false })).toBe(false);
  });

  it.each(['', 'some', 'collection:', 'collection:XYZ', 'media:', 'all:x', 'media:Ä'])(
    'cannot be %j',
    (text) => {
      expect(() => parseReplicaPolicy(text)).toThrow(
        expect.objectContaining({ code: 'input_invalid' }),
      );
    },
  );
});

describe('a member', () => {
  const deposit: AssetDeposit = {
    opens: true,
    organisation: HOUSE,
    collection: C,
    visibility: 'organisation',
    readers: [],
  };
  const may = (replica: string, access: Partial<DepositAccess> = {}, organisation = STUDIO) => {
    const reader = { organisation, replica: parseReplicaPolicy(replica) };
    const asset = { mediaType: 'image/png', deposits: [{ ...deposit, ...access }] };
    return [mayHaveRecord(reader, { ...deposit, ...access }), mayHaveBytes(reader, asset)];
  };

  it.each<[string, Partial<DepositAccess>, string, boolean[]]>([
    ['none', {}, STUDIO, [false, false]],
    ['none', {}, HOUSE, [true, true]],
    ['none', { readers: [STUDIO] }, STUDIO, [true, true]],
    ['none', { visibility: 'members' }, STUDIO, [true, true]],
    ['none', { visibility: 'public' }, STUDIO, [true, true]],
    ['all', {}, STUDIO, [true, true]],
    ['eligible', {}, STUDIO, [true, true]],
    ['media:image', {}, STUDIO, [true, true]],
    ['media:audio', {}, STUDIO, [true, false]],
    [`collection:${C}`, {}, STUDIO, [true, true]],
    [`collection:${D}`, {}, STUDIO, [false, false]],
  ])('with the replica policy %s and %j may have record and bytes', (replica, access, of, may_) => {
    expect(may(replica, access, of)).toEqual(may_);
  });

  it('may have bytes that any one of their deposits lets it have, and unregistered ones as a replica', () => {
    const reader = { organisation: STUDIO, replica: parseReplicaPolicy('none') };
    const open = { ...deposit, collection: D, visibility: 'members' as const };
    const mediaType = 'image/png';
    expect(mayHaveBytes(reader, { mediaType, deposits: [deposit, open] })).toBe(true);
    const claimed = { ...open, opens: false };
    expect(mayHaveBytes(reader, { mediaType, deposits: [deposit, claimed] })).toBe(false);
    expect(mayHaveBytes(reader, { mediaType, deposits: [] })).toBe(false);
    const replica = parseReplicaPolicy('all');
    expect(mayHaveBytes({ ...reader, replica }, { mediaType, deposits: [] })).toBe(true);
  });
});

describe('what anybody may have', () => {
  const open: AssetDeposit = {
    opens: true,
    organisation: HOUSE,
    collection: C,
    visibility: 'public',
    readers: [],
  };
  const closed: AssetDeposit = { ...open, visibility: 'members', readers: [STUDIO] };

  it.each([
    ['is in a public collection', { deposits: [closed, open] }, true],
    ['is in no public collection', { deposits: [closed] }, false],
    ['others have only named in one', { deposits: [closed, { ...open, opens: false }] }, false],
    ['was registered and not deposited', { deposits: [] }, false],
    ['was withdrawn', { status: 'withdrawn' }, false],
    ['was removed', { status: 'removed' }, false],
    ['is in quarantine', { isStopped: true }, false],
  ])('an asset that %s', (_, told, answer) => {
    const asset = { status: 'deposited', isStopped: false, deposits: [open] };
    expect(isPublic({ ...asset, ...told })).toBe(answer);
  });
});
