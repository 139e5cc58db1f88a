import { z } from 'zod';
import { DEFAULT_POLICY } from '../../core/policy/shipped.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';

const bytes = z.number().int().min(0);
const interval = z.number().int().min(100).max(86_400_000);
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * `replica` in `ringfence.json`: what of this home's line and disk partners may use, what it holds of
 * what it was granted, and how often partners are looked after.
 */
export const replicaSettings = z.strictObject({
  want: z
    .string()
    .refine(isReplicaPolicy, 'must be all, eligible, none, collection:ID or media:TYPE')
    .default('all')
    .describe(
      'What is held of what the steward granted: all, eligible, collection:ID, media:TYPE or none.',
    ),
  policy: z
    .string()
    .min(1)
    .max(64)
    .default(DEFAULT_POLICY)
    .describe(
      'The policy by which eligible is decided here, leaving aside R0’s witnesses and R1’s copies.',
    ),
  budgetBytes: bytes
    .exactOptional()
    .describe('Bytes of packs beyond which nothing more is fetched; nothing is thrown away.'),
  bandwidth: z
    .strictObject({
      bytesPerSecond: bytes.min(1).exactOptional().describe('Bytes a second of each direction.'),
      hours: z
        .array(z.strictObject({ from: hour, to: hour, bytesPerSecond: bytes }))
        .max(24)
        .exactOptional()
        .describe('Other rates for hours of the day in UTC; 0 is a pause.'),
    })
    .default({}),
  renewDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      'Copies proven so many days ago are challenged, and read here, again; policies ask for less than 90.',
    ),
  checkpointMs: interval
    .default(60_000)
    .describe('Milliseconds between two checkpoints, at the least.'),
  challengeMs: interval
    .default(60_000)
    .describe('Milliseconds between two looks at what partners hold.'),
  fixityBytesPerSecond: bytes
    .min(1)
    .default(20_000_000)
    .describe('How fast the daily check of what lies here reads.'),
});

export type ReplicaSettings = z.output<typeof replicaSettings>;

function isReplicaPolicy(text: string): boolean {
  try {
    parseReplicaPolicy(text);
    return true;
  } catch {
    return false;
  }
}
