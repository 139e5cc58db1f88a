import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { sortedEntries } from '../tables/licence-table.ts';
import { licenceTerms } from '../tables/licence-terms.ts';
import { configsOf } from './configs.ts';
import { largestShare, preprocessing } from './notice.ts';
import { snippets } from './snippets.ts';

type Told = Omit<ReleaseManifest, 'contentRoot' | 'files'>;

/**
 * Returns `README.md`: a dataset card with the head that the Hugging Face hub reads, and a datasheet by the
 * headings of Gebru et al. (arXiv 1803.09010).
 */
export function datasetCard(manifest: Told): string {
  const { name, version, counts, notice, curator } = manifest;
  const programs = snippets(manifest).map(
    ({ title, code }) => `${title}:\n\n\`\`\`python\n${code}\n\`\`\``,
  );
  return `${head(manifest)}
# ${name} ${version}

${counts.assets} assets, ${counts.bytes} bytes, ${counts.shards} WebDataset shards. Cut for the purpose
\`${manifest.purpose}\` by \`${manifest.requester}\`, and for no other, under the policy
\`${manifest.policy.name}\`, as of ${manifest.at}.

## What is claimed

${notice.map((sentence) => `- ${sentence}`).join('\n')}

## Load it

${programs.join('\n\n')}

Each sample is an asset, named by its CID, and a \`json\` with its licence, makers and deposit. Every
configuration above holds files of one kind; load them one by one. Without any program: \`tar -xf\`.

## Licences

The whole is under \`${manifest.license}\`; each asset is under its own.

| licence | assets | attribution |
|---|---|---|
${licenceRows(counts.licences)}

The lines to show are in \`ATTRIBUTION.txt\`.

## Datasheet

### Motivation

Cut by a member of ${oneLine(curator.archive)} (\`${curator.did}\`) on ${manifest.created} for whoever the
requester above stands for.${manifest.query === '' ? '' : ` Narrowed by \`${oneLine(manifest.query)}\`.`}

### Composition

| configuration | split | shards | samples |
|---|---|---|---|
${compositionRows(manifest)}

| evidence level | assets |
|---|---|
${Object.entries(counts.levels)
  .map(([level, assets]) => `| ${level} | ${assets} |`)
  .join('\n')}

${counts.makers} makers are named; the one with the most made ${largestShare(counts)} of the assets. ${counts.unnamed}
assets are by nobody in particular. No asset was left out at random, and none is here twice. Parts of a
work, and the works of a maker, are on one side of the split.

### Collection

Each asset was deposited by a member of the archive, who says where it came from. What is said of it, and
by whom, is in the ledger: \`deposit\` in \`metadata.parquet\` is where that begins.

### Preprocessing

${preprocessing(manifest)}

### Uses

For \`${manifest.purpose}\`. Another use takes another release, since makers allow uses one by one.

### Distribution

\`sha256sum -c SHA256SUMS\` checks the files. \`release.json\` says what was cut from which state of the
ledger and what every file must be; \`release.sig\` is its signature, and \`release.tlog-proof\` shows that
the log of the curator holds that state. Names are in \`ATTRIBUTION.txt\` and \`descriptions.jsonl\` alone,
where they can be erased.

### Maintenance

A maker can withdraw what was allowed. Connected nodes then stop serving the asset and tell whoever took
it; copies already taken and models already trained are listed, not undone. Ask the archive again before
every training.
`;
}

function head({ name, version, counts, shards }: Told): string {
  const hubIds = [...new Set(Object.keys(counts.licences).map((id) => licenceTerms(id).hubId))];
  const lines = ['---', `pretty_name: ${JSON.stringify(`${name} ${version}`)}`, 'license:'];
  lines.push(...hubIds.sort().map((id) => `- ${id}`));
  if (hubIds.includes('other')) lines.push('license_name: several', 'license_link: LICENSES.csv');
  lines.push('size_categories:', `- ${sizeCategory(counts.assets)}`);
  lines.push('source_datasets:', '- original', 'annotations_creators:', '- no-annotation');
  lines.push('tags:', '- webdataset', 'configs:');
  for (const config of configsOf(shards)) {
    lines.push(`- config_name: ${config.name}`, '  data_files:');
    for (const split of new Set(config.shards.map((shard) => shard.split))) {
      lines.push(`  - split: ${split}`, `    path: ${config.name}-${split}-*.tar`);
    }
  }
  return `${[...lines, '---'].join('\n')}\n`;
}

function licenceRows(licences: Readonly<Record<string, number>>): string {
  return sortedEntries(licences)
    .map(([licence, count]) => {
      const { attribution } = licenceTerms(licence);
      const name = licence === '' ? "the maker's consent" : `\`${oneLine(licence)}\``;
      return `| ${name} | ${count} | ${attribution ? 'yes' : 'no'} |`;
    })
    .join('\n');
}

function compositionRows({ shards }: Told): string {
  const groups = Map.groupBy(shards, ({ config, split }) => `${config} | ${split}`);
  return [...groups]
    .map(([group, held]) => {
      const samples = held.reduce((sum, shard) => sum + shard.samples, 0);
      return `| ${group} | ${held.length} | ${samples} |`;
    })
    .join('\n');
}

/** Returns text that ends no line, cell or code that it stands in. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}`|]+/gu, ' ');
}

/** The hub's classes: `n<1K`, then a power of ten each. */
function sizeCategory(assets: number): string {
  if (assets < 1000) return 'n<1K';
  const steps = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T'];
  const step = Math.min(String(assets).length - 4, steps.length - 2);
  return `${steps[step]}<n<${steps[step + 1]}`;
}
