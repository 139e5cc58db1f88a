import type { ReleaseManifest, ReleaseShard, Split } from '../../core/dataset/manifest.ts';
import type { Level } from '../../core/policy/documents.ts';
import type { ReleaseMember } from '../../core/ports/release.ts';
import { openKeySorter } from '../members/sort-by-key.ts';
import { createTally } from '../members/tally.ts';
import type { MetadataRow } from '../tables/metadata-table.ts';

type Row = Pick<MetadataRow, 'config' | 'split' | 'license' | 'level' | 'self_vetted' | 'maker'> & {
  readonly bytes: number;
};

/** Counts what is left of a release by its rows and what is told of each in words. */
export interface LeftTally extends AsyncDisposable {
  addRow(row: MetadataRow): Promise<void>;
  /** Adds who made an asset, by the names that are not erased. */
  addCreator(asset: string, creator: string): Promise<void>;
  finish(
    shards: readonly Pick<ReleaseShard, 'split'>[],
  ): Promise<Pick<ReleaseManifest, 'counts' | 'splits'>>;
}

/** Rows and names come in different orders, and meet in a file in `scratch`. */
export function openLeftTally(scratch: string): LeftTally {
  const sorter = openKeySorter<Row | string>(scratch);

  return {
    async addRow({ key, config, split, size, license, level, self_vetted, maker }) {
      const bytes = Number(size);
      const row = { config, split, bytes, license, level, self_vetted, maker };
      await sorter.add(`${key} 1`, row);
    },

    addCreator: (asset, creator) => sorter.add(`${asset} 0`, creator),

    async finish(shards) {
      const tally = createTally();
      let creator = { asset: '', names: '' };
      for await (const [key, told] of sorter.sorted()) {
        const asset = key.slice(0, -2);
        if (typeof told === 'string') creator = { asset, names: told };
        else {
          const names = creator.asset === asset ? creator.names : '';
          const { bytes: size, license: licence, self_vetted: selfVetted, ...row } = told;
          const makers = makersOf(row.maker, names);
          tally.add({
            member: { size, licence, selfVetted, makers, level: row.level as Level },
            config: row.config,
            split: row.split as Split,
          });
        }
      }
      return { counts: tally.counts(shards.length), splits: tally.splits(shards) };
    },

    [Symbol.asyncDispose]: () => sorter[Symbol.asyncDispose](),
  };
}

/** Where names are erased, nobody can tell which: each maker was somebody then. */
function makersOf(ids: string, names: string): ReleaseMember['makers'] {
  const told = names === '' ? [] : names.split('; ');
  const made = ids === '' ? [] : ids.split(' ');
  return made.map((id, index) => ({
    id,
    name: told.length === made.length ? (told[index] ?? '') : '',
  }));
}
