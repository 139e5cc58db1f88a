import type { ReleaseRequest } from '../core/ports/release.ts';
import { attributionOf, namesOf } from './attribution.ts';
import type { ComposedSample } from './compose-shards.ts';
import { createFileSink, type SunkFile } from './file-sink.ts';
import { licenceTerms } from './licence-terms.ts';
import { createMetadataTable, type MetadataRow } from './metadata-table.ts';
import type { ReleaseContent } from './release-content.ts';

/** The files that grow with every sample. */
export interface SampleTables {
  add(sample: ComposedSample): Promise<void>;
  finish(): Promise<{ readonly metadata: SunkFile; readonly attribution: SunkFile }>;
}

export function createSampleTables(
  request: Pick<ReleaseRequest, 'purpose' | 'policy'>,
  content: Pick<ReleaseContent, 'putBlock'>,
): SampleTables {
  const table = createMetadataTable(createFileSink(content));
  const lines = createFileSink(content);

  return {
    async add(sample) {
      const { member } = sample;
      const attribution = licenceTerms(member.licence).attribution ? attributionOf(member) : '';
      await table.add(toRow(sample, request, attribution));
      if (attribution !== '') await lines.write(Buffer.from(`${attribution}\n`));
    },

    async finish() {
      return { metadata: await table.finish(), attribution: await lines.finish() };
    },
  };
}

function toRow(
  { member, split, shard, ordinal, offset, sidecarOffset, sidecarSize }: ComposedSample,
  { purpose, policy }: Pick<ReleaseRequest, 'purpose' | 'policy'>,
  attribution: string,
): MetadataRow {
  return {
    key: member.cid,
    asset_cid: member.cid,
    sha256: member.sha256,
    split,
    shard,
    ordinal,
    offset: BigInt(offset),
    size: BigInt(member.size),
    json_offset: BigInt(sidecarOffset),
    json_size: BigInt(sidecarSize),
    media_type: member.mediaType,
    license: member.licence,
    license_url: licenceTerms(member.licence).url,
    creator: namesOf(member.makers),
    title: member.title,
    attribution,
    source: member.source,
    level: member.level,
    self_vetted: member.selfVetted,
    purpose,
    policy: policy.policy.name,
  };
}
