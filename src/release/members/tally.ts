import type { ReleaseManifest, ReleaseShard, Split } from '../../core/dataset/manifest.ts';
import { LEVELS } from '../../core/policy/documents.ts';
import type { DecadeCount, MakerCount, ReleaseMember } from '../../core/ports/release.ts';
import { sortedEntries } from '../tables/licence-table.ts';
import { namedMakers } from './named-makers.ts';
import type { PlacedMember } from './place-member.ts';

export type ReleaseCounts = ReleaseManifest['counts'];

/** What is counted of a member. */
type TalliedMember = Pick<ReleaseMember, 'size' | 'licence' | 'level' | 'selfVetted' | 'makers'> &
  Partial<Pick<ReleaseMember, 'made'>>;

/** Counts members by what the manifest, the card and a plan say of them. */
export interface Tally {
  add(placed: Pick<PlacedMember, 'config' | 'split'> & { readonly member: TalliedMember }): void;
  counts(shards: number): ReleaseCounts;
  splits(shards: readonly Pick<ReleaseShard, 'split'>[]): ReleaseManifest['splits'];
  /** Assets by configuration. */
  configs(): Readonly<Record<string, number>>;
  /** Those who are named, with the most assets first. */
  makers(): readonly MakerCount[];
  /** Assets by the decade in which they may have been begun, the earliest first. */
  decades(): readonly DecadeCount[];
}

export function createTally(): Tally {
  const configs = new Map<string, number>();
  const licences = new Map<string, number>();
  const levels = new Map<string, number>();
  const makers = new Map<string, { readonly name: string; assets: number }>();
  const decades = new Map<number | null, number>();
  const splits = new Map<Split, { assets: number; bytes: number }>();
  let unnamed = 0;
  let selfVetted = 0;

  function addMakers(member: TalliedMember): void {
    const named = namedMakers(member);
    if (named.length === 0) unnamed += 1;
    for (const { id, name } of named) {
      const maker = makers.get(id) ?? { name, assets: 0 };
      maker.assets += 1;
      makers.set(id, maker);
    }
  }

  return {
    add({ member, config, split }) {
      count(configs, config);
      const side = splits.get(split) ?? { assets: 0, bytes: 0 };
      side.assets += 1;
      side.bytes += member.size;
      splits.set(split, side);
      if (member.selfVetted) selfVetted += 1;
      count(licences, member.licence);
      count(levels, member.level);
      count(decades, decadeOf(member.made?.earliest ?? ''));
      addMakers(member);
    },

    counts(shards) {
      const found = LEVELS.flatMap((level) => {
        const assets = levels.get(level);
        return assets === undefined ? [] : [[level, assets] as const];
      });
      const sides = [...splits.values()];
      return {
        assets: sides.reduce((sum, { assets }) => sum + assets, 0),
        bytes: sides.reduce((sum, { bytes }) => sum + bytes, 0),
        shards,
        licences: Object.fromEntries(sortedEntries(Object.fromEntries(licences))),
        levels: Object.fromEntries(found),
        selfVetted,
        makers: makers.size,
        unnamed,
        largestMaker: makers.values().reduce((most, { assets }) => Math.max(most, assets), 0),
      };
    },

    splits(shards) {
      const told = [...splits].map(([split, side]) => {
        const held = shards.filter((shard) => shard.split === split).length;
        return [split, { shards: held, ...side }] as const;
      });
      return Object.fromEntries(told);
    },

    configs: () => Object.fromEntries(sortedEntries(Object.fromEntries(configs))),

    makers: () =>
      [...makers]
        .map(([id, maker]) => ({ id, ...maker }))
        .sort((a, b) => b.assets - a.assets || (a.id < b.id ? -1 : 1)),

    decades: () =>
      [...decades]
        .map(([from, assets]) => ({ from, assets }))
        .sort(
          (a, b) => (a.from ?? Number.POSITIVE_INFINITY) - (b.from ?? Number.POSITIVE_INFINITY),
        ),
  };
}

/** Returns the first year of the decade of a day; null where none is said. A sign may stand before a year. */
function decadeOf(day: string): number | null {
  const year = Number.parseInt(day, 10);
  return Number.isNaN(year) ? null : Math.floor(year / 10) * 10;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
