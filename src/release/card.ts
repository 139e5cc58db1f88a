import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import { sortedEntries } from './licence-table.ts';
import { licenceTerms } from './licence-terms.ts';

type Told = Omit<ReleaseManifest, 'contentRoot' | 'files'>;

/** Returns `README.md`: a dataset card with the head that the Hugging Face hub reads. */
export function datasetCard(manifest: Told): string {
  const { name, version, counts, notice } = manifest;
  const first = mainShard(manifest);
  const pattern = `${first?.config}-${first?.split}-*.tar`;
  return `${head(manifest)}
# ${name} ${version}

${counts.assets} assets, ${counts.bytes} bytes, ${counts.shards} WebDataset shards.
Purpose ${manifest.purpose}, requester ${manifest.requester}, policy ${manifest.policy.name}, as of ${manifest.at}.

## What is claimed

${notice.map((sentence) => `- ${sentence}`).join('\n')}

## Load it

In the folder that holds this file, with the Python package \`datasets\`:

\`\`\`python
from datasets import load_dataset
dataset = load_dataset("webdataset", data_files={"train": "${pattern}"}, split="train", streaming=True)
for sample in dataset: print(sample["__key__"], sample["json"]["license"])
\`\`\`

Each sample is an asset, named by its CID, and a \`json\` with its licence, makers and source. One row
per asset, with all texts in full and the place of its bytes in the shard, is in \`metadata.parquet\`
(\`pandas.read_parquet\` opens it). Each configuration above holds files of one kind; load them one by one.
Without any library: \`tar -xf ${first?.name}\`.

## Licences

| licence | assets | attribution |
|---|---|---|
${licenceRows(counts.licences)}

The lines to show are in \`ATTRIBUTION.txt\`. \`sha256sum -c SHA256SUMS\` checks the files;
\`release.json\` says what was cut, from which ledger state, and what every file must be.
`;
}

function head({ name, version, counts, shards }: Told): string {
  const hubIds = [...new Set(Object.keys(counts.licences).map((id) => licenceTerms(id).hubId))];
  const lines = ['---', `pretty_name: ${JSON.stringify(`${name} ${version}`)}`, 'license:'];
  lines.push(...hubIds.sort().map((id) => `- ${id}`));
  if (hubIds.includes('other')) lines.push('license_name: several', 'license_link: LICENSES.csv');
  lines.push('size_categories:', `- ${sizeCategory(counts.assets)}`, 'tags:', '- webdataset');
  lines.push('configs:');
  const configs = Map.groupBy(shards, ({ config }) => config);
  for (const [config, members] of configs) {
    lines.push(`- config_name: ${config}`, '  data_files:');
    for (const split of new Set(members.map((shard) => shard.split))) {
      lines.push(`  - split: ${split}`, `    path: ${config}-${split}-*.tar`);
    }
  }
  return `${[...lines, '---'].join('\n')}\n`;
}

/** The shard with the most samples; its configuration is the one to try first. */
function mainShard({ shards }: Told): Told['shards'][number] | undefined {
  return shards.toSorted((a, b) => b.samples - a.samples)[0];
}

function licenceRows(licences: Readonly<Record<string, number>>): string {
  return sortedEntries(licences)
    .map(([licence, count]) => {
      const { attribution } = licenceTerms(licence);
      return `| \`${licence.replaceAll(/[`|]/g, ' ')}\` | ${count} | ${attribution ? 'yes' : 'no'} |`;
    })
    .join('\n');
}

/** The hub's classes: `n<1K`, then a power of ten each. */
function sizeCategory(assets: number): string {
  if (assets < 1000) return 'n<1K';
  const steps = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T'];
  const step = Math.min(String(assets).length - 4, steps.length - 2);
  return `${steps[step]}<n<${steps[step + 1]}`;
}
