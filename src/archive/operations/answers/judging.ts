import { z } from 'zod';
import { STOPPING } from '../../judging/stop.ts';
import { about, cid, count, entry, moment, organisation, statement } from './names.ts';

export const attestation = z
  .strictObject({
    id: statement,
    organisation,
    institution: z.string(),
    set: cid,
    assets: count,
    outcome: z.enum(['none', 'clean', 'defect']),
    size: count.describe('Items that were looked at without a defect'),
    failures: count.describe('Attempts that failed'),
    defects: z.array(statement).describe('Reviews that found a defect after the sample was clean'),
    seed: z
      .string()
      .nullable()
      .describe('Null while no checkpoint after it is confirmed by another organisation'),
    isOwn: z
      .boolean()
      .describe('This organisation attests it: reviewers of another judge its sample'),
  })
  .meta({ id: 'Attestation', description: 'A set attestation with what its sample showed' });

export const nextDraws = z.strictObject({
  seed: z.string(),
  size: count,
  checkpoint: entry.describe('That the seed comes from'),
  judged: count,
  draws: z
    .array(
      z.strictObject({
        draw: count,
        place: count.describe('In the set'),
        asset: cid,
        sourceType: z.string().describe('What the institution says of it, as all that follows'),
        maker: z.enum(['living', 'dead', 'unknown']),
        date: z.string(),
      }),
    )
    .describe('Draws that nobody has judged yet'),
});

export const listedStop = z
  .strictObject({
    id: statement,
    kind: z.enum(STOPPING),
    about: about.nullable(),
    at: moment,
    organisation,
    body: z.record(z.string(), z.unknown()).describe('The words of the statement, by its kind'),
    isOpen: z.boolean(),
    isOverdue: z.boolean().describe('Its deadline has passed and nobody has ended it'),
  })
  .meta({ id: 'Stop', description: 'Something that was said to stop uses' });
