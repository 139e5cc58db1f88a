import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReleaseMember } from '../../../src/core/ports/release.ts';
import { namedMakers } from '../../../src/release/members/named-makers.ts';
import { placeMembers } from '../../../src/release/members/place-members.ts';
import { createMemoryContent } from '../../support/memory-content.ts';
import { maker, noise, releaseMember } from '../../support/release-members.ts';

const content = createMemoryContent();
const files = Array.from({ length: 400 }, (_, index) => {
  const bytes = noise(`placed ${index}`, 20);
  return releaseMember(content.putFile(bytes), bytes);
});

function membersBy(told: (index: number) => Partial<ReleaseMember>): readonly ReleaseMember[] {
  return files.map((file, index) => ({ ...file, ...told(index) }));
}

async function sidesOf(
  members: readonly ReleaseMember[],
  key: (member: ReleaseMember) => string | null,
  validation = 0.25,
) {
  const sides = new Map<string | null, Set<string>>();
  const counts = { train: 0, validation: 0 };
  for await (const { member, split } of placeMembers(members, { seed: 's', validation }, '')) {
    sides.set(key(member), (sides.get(key(member)) ?? new Set()).add(split));
    counts[split] += 1;
  }
  return { sides, counts, isWhole: sides.values().every((found) => found.size === 1) };
}

const nameOf = ({ makers }: ReleaseMember) => makers[0]?.name ?? null;

describe('a split', () => {
  it('keeps the works of each maker together', async () => {
    const members = membersBy((index) => ({ makers: [maker(`Maker ${index % 60}`)] }));
    const { isWhole, counts } = await sidesOf(members, nameOf);
    expect(isWhole).toBe(true);
    expect(counts.validation).toBeGreaterThan(40);
    expect(counts.validation).toBeLessThan(180);
  });

  it.each(['Unknown', 'anonymous', 'Unidentified artist', '[Anon.]', 'Workshop of Rembrandt', ''])(
    'does not take "%s" for one maker: those works are drawn one by one',
    async (name) => {
      const makers = name === '' ? [] : [maker(name)];
      const { isWhole, counts } = await sidesOf(
        membersBy(() => ({ makers })),
        nameOf,
      );
      expect(isWhole).toBe(false);
      expect(counts.validation).toBeGreaterThan(60);
    },
  );

  it('keeps parts of a work together, whoever made them', async () => {
    const members = membersBy((index) => ({ makers: [], work: `work ${index % 90}` }));
    expect((await sidesOf(members, ({ work }) => work)).isWhole).toBe(true);
    const anonymous = members.map((member) => ({ ...member, makers: [maker('Unknown')] }));
    expect((await sidesOf(anonymous, ({ work }) => work)).isWhole).toBe(true);
  });

  it('keeps makers together who made something with each other, in any order of members', async () => {
    const pair = (index: number) => [`Maker ${index % 100}`, `Maker ${(index % 100) ^ 1}`];
    const members = membersBy((index) => ({
      makers: (index < 100 ? pair(index) : pair(index).slice(0, 1)).map(maker),
    }));
    const pairOf = (member: ReleaseMember) =>
      String(Math.floor(Number(nameOf(member)?.slice(6)) / 2));
    const { isWhole, counts } = await sidesOf(members, pairOf);
    expect(isWhole).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...members], { minLength: 400 }), async (shuffled) => {
        expect((await sidesOf(shuffled, pairOf)).counts).toEqual(counts);
      }),
      { numRuns: 5 },
    );
  });

  it('leaves a maker of most of it in train, so that others are left to judge by', async () => {
    const members = membersBy((index) => ({
      makers: [maker(index % 10 > 0 ? 'Prolific' : `Maker ${index}`)],
    }));
    const { sides, counts } = await sidesOf(members, nameOf, 0.5);
    expect(sides.get('Prolific')).toEqual(new Set(['train']));
    expect(counts.validation).toBeGreaterThan(5);
  });
});

it('takes real names that begin like no name for names', () => {
  const names = [
    'Anonda Smith',
    'Unknown Mortal Orchestra',
    'Schoolhouse Press',
    'Afterhours',
    'Ann',
  ];
  expect(namedMakers({ makers: names.map(maker) }).map(({ name }) => name)).toEqual(names);
});
