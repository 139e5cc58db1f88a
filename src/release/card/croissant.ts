import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { licenceTerms } from '../tables/licence-terms.ts';
import { METADATA_COLUMNS } from '../tables/metadata-table.ts';
import { configsOf, type DatasetConfig } from './configs.ts';
import { CROISSANT_CONTEXT } from './croissant-context.ts';
import { largestShare, preprocessing } from './notice.ts';

type Told = Omit<ReleaseManifest, 'contentRoot' | 'files'>;

interface DescribedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const TYPES = { text: 'sc:Text', int32: 'sc:Integer', int64: 'sc:Integer', bool: 'sc:Boolean' };

/**
 * Returns `croissant.json`: Croissant 1.1 (docs.mlcommons.org/croissant) with the fields of its RAI 1.0, the
 * purpose as an ODRL offer. Files are named relative to it. `modified` is when a revision was made; where it
 * is undefined, the release is as it was cut.
 */
export function croissant(
  told: Told,
  tables: readonly DescribedFile[],
  modified: string | undefined,
): string {
  const configs = configsOf(told.shards);
  const { curator } = told;
  const organisation = {
    '@type': 'sc:Organization',
    name: curator.archive,
    identifier: curator.did,
  };
  const document = {
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: told.name,
    version: told.version,
    description: told.notice.join(' '),
    license: Object.keys(told.counts.licences).map(licenceUrl),
    url: told.url === '' ? curator.did : told.url,
    creator: organisation,
    publisher: organisation,
    datePublished: told.created,
    ...(modified === undefined ? {} : { dateModified: modified }),
    citeAs: `${curator.archive}: ${told.name} ${told.version}, cut by ${curator.did} on ${told.created}`,
    isLiveDataset: modified !== undefined,
    keywords: ['webdataset', ...configs.map(({ name }) => name)],
    usageInfo: offer(told),
    ...responsible(told),
    distribution: [
      ...told.shards.map((shard) => fileObject(shard, 'application/x-tar')),
      ...configs.map(fileSet),
      ...tables.flatMap((file) => {
        const format = FORMATS.get(file.name);
        return format === undefined ? [] : [fileObject(file, format)];
      }),
    ],
    recordSet: [assets(), ...configs.map(samples)],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** Formats as mlcroissant knows them: it loads no Parquet under its registered name. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  [RELEASE_FILES.metadata, 'application/x-parquet'],
  [RELEASE_FILES.descriptions, 'application/jsonlines'],
  [RELEASE_FILES.attribution, 'text/plain'],
  [RELEASE_FILES.licences, 'text/csv'],
]);

function fileObject({ name, size, sha256 }: DescribedFile, encodingFormat: string) {
  return {
    '@type': 'cr:FileObject',
    '@id': name,
    name,
    contentUrl: name,
    contentSize: `${size} B`,
    encodingFormat,
    sha256,
  };
}

function fileSet({ name, extension, shards }: DatasetConfig) {
  return {
    '@type': 'cr:FileSet',
    '@id': name,
    name,
    containedIn: shards.map((shard) => ({ '@id': shard.name })),
    encodingFormat: 'application/octet-stream',
    includes: `*.${extension}`,
  };
}

/** One record for each asset, by the columns of `metadata.parquet`. */
function assets() {
  const field = Object.entries(METADATA_COLUMNS).map(([column, type]) => ({
    '@type': 'cr:Field',
    '@id': `assets/${column}`,
    name: column,
    dataType: TYPES[type],
    source: { fileObject: { '@id': RELEASE_FILES.metadata }, extract: { column } },
  }));
  return {
    '@type': 'cr:RecordSet',
    '@id': 'assets',
    name: 'assets',
    key: { '@id': 'assets/key' },
    field,
  };
}

/** One record for each asset of a configuration: its name in the shard and its bytes. */
function samples({ name, extension }: DatasetConfig) {
  const id = `samples-${name}`;
  const source = (fileProperty: string) => ({
    fileSet: { '@id': name },
    extract: { fileProperty },
  });
  const isImage = name.startsWith('images-');
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    field: [
      {
        '@type': 'cr:Field',
        '@id': `${id}/file`,
        name: 'file',
        description: `The CID of an asset and .${extension}; the CID is assets/key.`,
        dataType: 'sc:Text',
        source: source('filename'),
      },
      {
        '@type': 'cr:Field',
        '@id': `${id}/content`,
        name: 'content',
        dataType: isImage ? 'sc:ImageObject' : 'sc:Text',
        source: source('content'),
      },
    ],
  };
}

function offer({ purpose, requester }: Told) {
  return {
    '@type': 'odrl:Offer',
    'odrl:permission': {
      'odrl:action': { '@id': 'odrl:use' },
      'odrl:assignee': requester,
      'odrl:constraint': {
        'odrl:leftOperand': { '@id': 'odrl:purpose' },
        'odrl:operator': { '@id': 'odrl:eq' },
        'odrl:rightOperand': purpose,
      },
    },
  };
}

function responsible(told: Told) {
  const { counts, notice, purpose, policy, at } = told;
  return {
    'rai:dataCollection': `Members of the archive deposited the assets and say where each came from; a ledger that others witness holds what they say. The selection is what was eligible under policy ${policy.name} as of ${at}.`,
    'rai:dataCollectionType': ['Manual Human Curator'],
    'rai:dataPreprocessingProtocol': [preprocessing(told)],
    'rai:dataBiases': [
      `${counts.makers} makers are named; the one with the most made ${largestShare(counts)} of the assets.`,
    ],
    'rai:dataLimitations': notice,
    'rai:dataUseCases': [purpose],
    'rai:personalSensitiveInformation': [
      'Names of makers are in descriptions.jsonl and ATTRIBUTION.txt and can be erased there. Assets may show people.',
    ],
    'rai:dataReleaseMaintenancePlan':
      'Makers can withdraw what they allowed. Connected nodes then stop serving the asset and tell whoever took it; copies already taken and models already trained are listed, not undone. Ask the archive again before every training.',
  };
}

function licenceUrl(licence: string): string {
  return licenceTerms(licence).url || licence || 'LicenseRef-consent';
}
