import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { createFileSink, type SunkFile } from '../file-sink.ts';
import type { ReleaseContent } from '../release-content.ts';
import type { ComposedSample } from '../shards/compose-shards.ts';
import { makersText, type SidecarRequest } from '../shards/sidecar.ts';
import { licenceTerms } from './licence-terms.ts';
import { createMetadataTable, type MetadataRow } from './metadata-table.ts';
import { openWordFiles } from './word-files.ts';

/** A file of a release as it is stored. */
export interface StoredFile extends SunkFile {
  readonly name: string;
}

/** The files that grow with every sample. */
export interface SampleTables extends AsyncDisposable {
  add(sample: ComposedSample): Promise<void>;
  finish(): Promise<readonly StoredFile[]>;
}

/** Begins them; words pass through a file in `scratch`. */
export function openSampleTables(
  request: SidecarRequest,
  content: Pick<ReleaseContent, 'putBlock'>,
  scratch: string,
): SampleTables {
  const table = createMetadataTable(createFileSink(content));
  const words = openWordFiles(content, scratch);

  return {
    async add(sample) {
      await table.add(toRow(sample, request));
      await words.add(sample.member);
    },

    async finish() {
      const metadata = await table.finish();
      const { attribution, descriptions } = await words.finish();
      return [
        { name: RELEASE_FILES.metadata, ...metadata },
        { name: RELEASE_FILES.attribution, ...attribution },
        { name: RELEASE_FILES.descriptions, ...descriptions },
      ];
    },

    [Symbol.asyncDispose]: () => words[Symbol.asyncDispose](),
  };
}

function toRow(
  { member, config, split, shard, ordinal, offset, sidecarOffset, sidecarSize }: ComposedSample,
  { purpose, requester, policy }: SidecarRequest,
): MetadataRow {
  const { url, attribution } = licenceTerms(member.licence);
  return {
    key: member.cid,
    asset_cid: member.cid,
    sha256: member.sha256,
    config,
    split,
    shard,
    ordinal,
    offset: BigInt(offset),
    size: BigInt(member.size),
    json_offset: BigInt(sidecarOffset),
    json_size: BigInt(sidecarSize),
    media_type: member.mediaType,
    width: member.width,
    height: member.height,
    license: member.licence,
    license_url: url,
    attribution_required: attribution,
    maker: makersText(member),
    work: member.work ?? '',
    deposit: member.deposit,
    deposited: member.deposited,
    consent: member.consents.join(' '),
    level: member.level,
    self_vetted: member.selfVetted,
    purpose,
    requester,
    policy: policy.policy.name,
  };
}
