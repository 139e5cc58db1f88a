import type { ReleaseManifest, ReleaseShard } from '../../core/dataset/manifest.ts';

/** Shards that hold one kind of file and load together. */
export interface DatasetConfig {
  /** `images-jpg` */
  readonly name: string;
  readonly extension: string;
  readonly shards: readonly ReleaseShard[];
  readonly samples: number;
}

/** Returns the configurations of a release, the one with the most samples first. */
export function configsOf(shards: ReleaseManifest['shards']): readonly DatasetConfig[] {
  const configs = [...Map.groupBy(shards, ({ config }) => config)].map(([name, held]) => ({
    name,
    extension: name.slice(name.indexOf('-') + 1),
    shards: held,
    samples: held.reduce((sum, { samples }) => sum + samples, 0),
  }));
  return configs.sort((a, b) => b.samples - a.samples || (a.name < b.name ? -1 : 1));
}
