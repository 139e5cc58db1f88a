import { z } from 'zod';
import { parseReplicaPolicy } from '../core/sharing/replica-policy.ts';

const bytes = z.number().int().min(0);
const interval = z.number().int().min(100).max(86_400_000);
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** `replica` in `ringfence.json`: what a home holds of what it was granted, and how fast it comes. */
export const replicaSettings = z.strictObject({
  /** `all`, `eligible`, `collection:ID`, `media:TYPE` or `none`; narrows what was granted. */
  want: z
    .string()
    .refine(isReplicaPolicy, 'must be all, eligible, none, collection:ID or media:TYPE')
    .exactOptional(),
  /** Name of the policy by which `eligible` is decided; `corroborated` by default. */
  policy: z.string().min(1).max(64).exactOptional(),
  /** Bytes of packs beyond which nothing more is fetched. */
  budgetBytes: bytes.exactOptional(),
  /** Of each direction; hours in UTC. */
  bandwidth: z
    .strictObject({
      bytesPerSecond: bytes.min(1).exactOptional(),
      hours: z
        .array(z.strictObject({ from: hour, to: hour, bytesPerSecond: bytes }))
        .max(24)
        .exactOptional(),
    })
    .exactOptional(),
  /** Copies that were proven so long ago are challenged, and checked here, again; 30 by default. */
  renewDays: z.number().int().min(1).max(3650).exactOptional(),
  /** Time between two checkpoints at the least, in milliseconds; a minute by default. */
  checkpointMs: interval.exactOptional(),
  /** Time between two looks at what partners hold, in milliseconds; a minute by default. */
  challengeMs: interval.exactOptional(),
  /** How fast the daily check reads; 20 MB/s by default. */
  fixityBytesPerSecond: bytes.min(1).exactOptional(),
});

function isReplicaPolicy(text: string): boolean {
  try {
    parseReplicaPolicy(text);
    return true;
  } catch {
    return false;
  }
}
