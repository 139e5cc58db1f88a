import { z } from 'zod';

/** What a listing says of an asset. */
export const assetSummary = z.object({
  cid: z.string(),
  size: z.int(),
  mediaType: z.string(),
  title: z.string(),
  creators: z.array(z.string()),
  licence: z.string().nullable(),
  status: z.enum(['deposited', 'synthetic', 'withdrawn', 'removed']),
});

/** One deposit; a deposit whose record is erased has empty texts. */
const deposit = z.looseObject({
  id: z.string(),
  at: z.string(),
  organisation: z.string(),
  title: z.string(),
  filename: z.string(),
  makers: z.array(z.string()),
  dateText: z.string(),
  notes: z.string(),
  tags: z.array(z.string()),
  licence: z.string().nullable(),
  source: z.string(),
  collection: z.string(),
  work: z.string().nullable(),
  part: z.int().nullable(),
});

const finding = z.looseObject({
  inspector: z.string(),
  version: z.int(),
  outcome: z.string(),
  facts: z.record(z.string(), z.unknown()),
});

/** What `show --json` prints. */
export const assetView = z.looseObject({
  ...assetSummary.shape,
  sha256: z.string(),
  deposits: z.array(deposit),
  findings: z.array(finding),
});

/** What `explain --json` prints. */
export const verdictView = z.looseObject({
  cid: z.string(),
  purpose: z.string(),
  policy: z.string(),
  for: z.string(),
  at: z.string(),
  verdict: z.enum(['eligible', 'hold', 'ineligible']),
  level: z.union([z.string(), z.int()]),
  validUntil: z.string().nullable(),
  gates: z.array(
    z.object({
      gate: z.string(),
      pass: z.boolean(),
      rules: z.array(
        z.looseObject({
          rule: z.string(),
          pass: z.boolean(),
          code: z.string().nullable(),
          text: z.string(),
          entries: z.array(z.string()).describe('The statements that the rule looked at'),
        }),
      ),
    }),
  ),
});
