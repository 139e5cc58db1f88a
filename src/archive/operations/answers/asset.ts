import { z } from 'zod';
import { cid, count, organisation, sha256, statement } from './names.ts';

export const assetStatus = z.enum(['deposited', 'synthetic', 'withdrawn', 'removed']).meta({
  id: 'AssetStatus',
  description: '`synthetic`: registered as generated, and not deposited',
});

const work = z.strictObject({
  id: z.string().describe('Salted; `work` of a listing takes it'),
  part: z.int().nullable().describe('Its place among the parts, where its deposit says one'),
  parts: count
    .nullable()
    .describe('How many parts there are; null for whoever does not see everything'),
});

/** What a listing says of an asset. */
export const assetSummary = z
  .strictObject({
    cid,
    size: count.describe('Bytes'),
    mediaType: z.string(),
    title: z.string().describe('Of the first deposit that has one'),
    creators: z.array(z.string()).describe('Everybody whom any deposit names'),
    licence: z
      .string()
      .nullable()
      .describe('An SPDX expression or a rights URI: of the first deposit, or as stated since'),
    status: assetStatus,
    work: work.nullable().describe('What it is a part of, by the first deposit that names a work'),
  })
  .meta({ id: 'AssetSummary' });

const deposit = z
  .strictObject({
    id: statement,
    at: z.string(),
    organisation,
    title: z.string(),
    filename: z.string(),
    makers: z.array(z.string()),
    dateText: z.string().describe('When it was made, in the words of the catalogue'),
    notes: z.string(),
    tags: z.array(z.string()),
    licence: z.string().nullable(),
    source: z.string().describe('Where it came from, as a code'),
    collection: z.string().describe('Salted id'),
    work: z.string().nullable().describe('What it is a part of'),
    part: z.int().nullable(),
    item: z.string().describe('Salted id of its place in the collection that was offered'),
  })
  .meta({
    id: 'Deposit',
    description: 'One deposit of an asset; one whose record is erased has empty texts',
  });

const finding = z
  .strictObject({
    inspector: z.string(),
    version: z.int(),
    outcome: z.string(),
    facts: z.record(z.string(), z.unknown()).describe('What the inspector saw, by its own names'),
  })
  .meta({ id: 'Finding', description: 'What one inspector saw in the bytes' });

/** What `show --json` prints. */
export const assetView = z
  .strictObject({
    ...assetSummary.shape,
    sha256,
    deposits: z.array(deposit),
    findings: z.array(finding),
  })
  .meta({ id: 'Asset' });
