import { z } from 'zod';
import { cid, count, did, organisation } from './names.ts';

export const problems = z
  .array(
    z.strictObject({
      code: z.enum(['block_corrupt', 'block_missing', 'home_corrupt', 'entry_rejected']),
      subject: z.string().describe('The block, pack, entry or file that is wrong'),
      text: z.string(),
    }),
  )
  .describe('The first 10,000');

export const verifyReport = z.strictObject({
  ok: z.boolean(),
  blocks: count.describe('In the packs'),
  entries: count.describe('In the ledger'),
  problems,
});

const kind = z.enum([
  ...(['damage', 'void', 'unknown', 'fork', 'contradiction', 'skipped', 'peer'] as const),
  ...(['waiting', 'behind', 'no-member', 'outdated', 'rivals', 'shared-invitation'] as const),
]);

export const examination = z.strictObject({
  name: z.string(),
  address: z.string(),
  charter: cid,
  did: did.describe('Key of the home, which is the member it acts as'),
  organisation,
  entries: count,
  blocks: count,
  bytes: count,
  packs: count,
  stateDigest: z.string().describe('The same on every node that holds the same entries'),
  addresses: z.array(z.string()).describe('Where other nodes reach this one'),
  findings: z
    .array(
      z.strictObject({
        kind,
        subject: z.string(),
        text: z.string(),
        notes: z
          .array(z.string())
          .length(2)
          .exactOptional()
          .describe('Of a contradiction: the two notes that one key has signed'),
      }),
    )
    .describe('The first hundred of each kind'),
  unlisted: z.partialRecord(kind, count).describe('How many more there are of each kind'),
});

export const fixityReport = z.strictObject({
  assets: count.describe('Whose blocks were read'),
  bytes: count,
  intact: count,
  repaired: count.describe('Found damaged or missing, and whole again'),
  damaged: z
    .array(z.strictObject({ asset: cid, outcome: z.enum(['corrupt', 'missing']) }))
    .describe('Still damaged or missing; the first thousand'),
});
