import type { Blank, TrainingSummary } from './training-summary.ts';

type Dataset = TrainingSummary['datasets'][number];
type Withdrawals = Dataset['withdrawals'];
type Counts = Readonly<Record<string, number>>;

/** Returns a summary of training content as Markdown, by the sections of the template. */
export function summaryMarkdown(summary: TrainingSummary): string {
  const { archive, prepared, template } = summary;
  return `# Public summary of training content: draft

**This is a draft. It is no legal advice, and needs counsel before anything of it is published.** It follows the ${template}.
Filled in is only what the archive ${cell(archive.name)} (\`${archive.address}\`) knew at its node \`${archive.node}\` on ${prepared} of the
datasets in 2.1 and 2.2, as they were cut. What the archive cannot know says "to be filled in by the provider".

${generalSection(summary)}

${sourcesSection(summary)}

${processingSection(summary)}
`;
}

function generalSection({ general, modalities, datasets }: TrainingSummary): string {
  const repeated = datasets.reduce((sum, dataset) => sum + dataset.repeated, 0);
  const counted =
    repeated === 0
      ? 'No asset is in two of the datasets.'
      : `${repeated} assets that are in a dataset before theirs as well are counted once.`;
  return `## 1. General information

- Version of the summary: ${fill(general.summaryVersion)}
- Last update: ${fill(general.lastUpdate)}

### 1.1 Provider

- Provider: ${fill(general.provider)}
- Authorised representative: ${fill(general.representative)}

### 1.2 Model

- Models: ${fill(general.models)}
- Dependencies: ${fill(general.dependencies)}
- Placed on the Union market: ${fill(general.placedOnMarket)}

### 1.3 Modalities, size and characteristics of the training data

Of the datasets in this report together. ${counted} Other training data: to be added by the provider.

${modalities.map(modalityText).join('\n\n')}`;
}

function modalityText(one: TrainingSummary['modalities'][number]): string {
  const size = 'range' in one.size ? `${one.size.range}. ${one.size.because}` : fill(one.size);
  const { collected } = one;
  return `#### ${one.modality}

- Size: ${size} Counted: ${one.assets} assets, ${one.bytes} bytes.
- Types of content, by media type: ${list(one.mediaTypes)}
- How the content came to be, as depositors and makers state it (IPTC digital source type): ${list(one.sourceTypes)}
- Date of collection (deposit in the archive): ${collected === null ? 'not known' : `${collected.first} to ${collected.last}`}
- Languages, by assets, as descriptions state them: ${list({ ...one.languages, 'not stated': one.withoutLanguage })}`;
}

function sourcesSection({ datasets, sources }: TrainingSummary): string {
  const open = datasets.filter(({ isOpen }) => isOpen);
  const closed = datasets.filter(({ isOpen }) => !isOpen);
  const { synthetic } = sources;
  return `## 2. Data sources

### 2.1 Publicly available datasets

Assets under a public licence, in datasets that anyone may read: ${basis(sources.public)}.

${datasetTexts(open)}

### 2.2 Private datasets from third parties

#### 2.2.1 Licensed by rightsholders

Assets in any of the datasets by the recorded consent of every named maker: ${basis(sources.licensed)}.
Commercial agreements: ${fill(sources.commercial)}

#### 2.2.2 Other private datasets

Assets under a public licence, in datasets that not everybody may read: ${basis(sources.otherPrivate)}.

${datasetTexts(closed)}

### 2.3 Crawled or scraped

${fill(sources.crawled)}

### 2.4 Data of users

${fill(sources.users)}

### 2.5 Synthetic data

No asset was known to be synthetic when the datasets were cut. That is what was found, and no proof that people made them.
By what is shown of their making, from H0 (nothing) to H5 (independent): ${list(synthetic.levels)}. ${synthetic.selfVetted} rest on the word
of one organisation that nobody else has vetted. A registration calls ${synthetic.registered} of them generated now.
Made by or for the provider: ${fill(synthetic.byProvider)}

### 2.6 Other sources

${fill(sources.other)}`;
}

function datasetTexts(datasets: readonly Dataset[]): string {
  return datasets.length === 0 ? 'No dataset.' : datasets.map(datasetText).join('\n\n');
}

function datasetText(one: Dataset): string {
  const { curator, previous } = one;
  const narrowed = one.query === '' ? '' : `, narrowed by \`${cell(one.query)}\``;
  return `**${cell(one.name)} ${one.version}**

- Identifier: \`${one.release}\` (CID)
- Link: ${one.url === '' ? 'not stated in the dataset; to be filled in by the provider' : one.url}
- Curated by: organisation \`${curator.organisation}\` of ${cell(curator.archive)}, key \`${curator.did}\`, on ${one.created}
- Contents: ${one.assets} assets, ${one.bytes} bytes, named makers: ${one.makers}${narrowed}
- Cut for: \`${one.purpose}\` by \`${one.requester}\`, under policy \`${one.policy.name}\`, as of ${one.at}
- Licence of the whole: \`${one.license}\`; of the assets: ${list(one.licences, 'none, by consent of the makers')}
- Removed or withdrawn since it was cut: ${withdrawalText(one.withdrawals)}
- Assets that no dataset for the same use could take now: ${one.lapsed ?? 'not known, its policy is not in force here'}
- Previous version: ${previous === null ? 'none that this archive recorded' : `${cell(previous.name ?? previous.release)} ${previous.version ?? ''}; removed or withdrawn from it: ${withdrawalText(previous.withdrawals)}`}`;
}

function withdrawalText({ lists, out }: Withdrawals): string {
  if (lists.length === 0) return 'no withdrawal list is issued';
  const told = lists.map(({ revision, issued, withdrawn, removed, reinstated, reasons }) => {
    const why = list(reasons, '', 'no reason');
    return `list ${revision} of ${issued}: ${withdrawn} withdrawn, ${removed} removed, ${reinstated} reinstated (${why})`;
  });
  return `assets left out now: ${out} (${told.join('; ')}; reasons are codes of the policy)`;
}

function processingSection({ processing }: TrainingSummary): string {
  const { protocols, complaints } = processing;
  const rows = protocols.map(
    (one) =>
      `| ${one.protocol} | ${one.by} | ${one.assets} | ${one.observed.first} to ${one.observed.last} | ${one.allowed} | ${one.conditional} | ${one.reserved} | ${one.silent} |`,
  );
  const table = `| protocol | read in | assets | observed | allowed | on a condition | reserved | silent |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

"Reserved" counts what the makers have set aside by consent, and what was read after the dataset was cut.`;
  return `## 3. Data processing

### 3.1 Respect of reservations from text and data mining

The files of ${processing.inspected} assets were read for machine-readable reservations. An asset that is reserved against the purpose
of a dataset was left out, unless its makers consented. What was read of those that are in, by the purpose of their dataset:

${rows.length === 0 ? 'No reservation protocol spoke of any of them.' : table}

The provider's own measures: ${fill(processing.commitments)}

Complaints: ${complaintText(complaints)}

### 3.2 Removal of illegal content

What was removed from the datasets after they were cut is listed with each in section 2. ${fill(processing.illegalContent)}

### 3.3 Other

${fill(processing.other)}`;
}

function complaintText({ isOpen, pages }: TrainingSummary['processing']['complaints']): string {
  if (!isOpen) {
    return 'this node takes no objections without an account; a route is to be filled in by the provider';
  }
  const where = pages.length === 0 ? 'page "Is my work here?" of the node' : pages.join(', ');
  return `anybody may look for a work and object to its use without an account: ${where}. Complaints about the model: to be filled in by the provider`;
}

function basis({ assets, modalities }: TrainingSummary['sources']['public']): string {
  return assets === 0 ? 'none' : `${assets} (${list(modalities)})`;
}

function fill({ toBeFilledIn }: Blank): string {
  return `_To be filled in by the provider: ${toBeFilledIn}._`;
}

function list(counts: Counts, unnamed = 'unnamed', none = 'not stated'): string {
  const told = Object.entries(counts).map(
    ([name, count]) => `${cell(name === '' ? unnamed : name)}: ${count}`,
  );
  return told.length === 0 ? none : told.join(', ');
}

/** Words of others, kept from being read as Markdown or markup. */
function cell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
}
