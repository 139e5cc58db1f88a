import { RELEASE_FILES } from '../core/dataset/release-files.ts';
import { attributionLine, descriptionLine } from './attribution.ts';
import type { ComposedSample } from './compose-shards.ts';
import { createFileSink, type SunkFile } from './file-sink.ts';
import { licenceTerms } from './licence-terms.ts';
import { createLineSink } from './line-sink.ts';
import { createMetadataTable, type MetadataRow } from './metadata-table.ts';
import type { ReleaseContent } from './release-content.ts';
import { makersText, type SidecarRequest } from './sidecar.ts';

/** A file of a release as it is stored. */
export interface StoredFile extends SunkFile {
  readonly name: string;
}

/** The files that grow with every sample. */
export interface SampleTables {
  add(sample: ComposedSample): Promise<void>;
  finish(): Promise<readonly StoredFile[]>;
}

export function createSampleTables(
  request: SidecarRequest,
  content: Pick<ReleaseContent, 'putBlock'>,
): SampleTables {
  const table = createMetadataTable(createFileSink(content));
  const attribution = createLineSink(content);
  const descriptions = createLineSink(content);

  return {
    async add(sample) {
      const { member } = sample;
      await table.add(toRow(sample, request));
      await attribution.write(Buffer.from(attributionLine(member)));
      await descriptions.write(Buffer.from(descriptionLine(member)));
    },

    async finish() {
      return [
        { name: RELEASE_FILES.metadata, ...(await table.finish()) },
        { name: RELEASE_FILES.attribution, ...(await attribution.finish()) },
        { name: RELEASE_FILES.descriptions, ...(await descriptions.finish()) },
      ];
    },
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
    license: member.licence,
    license_url: url,
    attribution_required: attribution,
    maker: makersText(member),
    work: member.work ?? '',
    deposit: member.deposit,
    level: member.level,
    self_vetted: member.selfVetted,
    purpose,
    requester,
    policy: policy.policy.name,
  };
}
