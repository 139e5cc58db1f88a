import { z } from 'zod';
import { DEFAULT_POLICY } from '../core/policy/shipped.ts';
import { parseReplicaPolicy } from '../core/sharing/replica-policy.ts';

const bytes = z.number().int().min(0);
const interval = z.number().int().min(100).max(86_400_000);
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * `replica` in `ringfence.json`: what of this home's line and disk partners may use, what it holds of
 * what it was granted, and how often partners are looked after.
 */
export const replicaSettings = z.strictObject({
  /** `all`, `eligible`, `collection:ID`, `media:TYPE` or `none`; narrows what was granted. */
  want: z
    .string()
    .refine(isReplicaPolicy, 'must be all, eligible, none, collection:ID or media:TYPE')
    .default('all'),
  /** Name of the policy by which `eligible` is decided. */
  policy: z.string().min(1).max(64).default(DEFAULT_POLICY),
  /** Bytes of packs beyond which nothing more is fetched; no bound where it is left out. */
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
    .default({}),
  /**
   * Copies that were proven so many days ago are challenged, and checked here, again; policies ask
   * for less than 90.
   */
  renewDays: z.number().int().min(1).max(3650).default(30),
  /** Milliseconds between two checkpoints, at the least. */
  checkpointMs: interval.default(60_000),
  /** Milliseconds between two looks at what partners hold. */
  challengeMs: interval.default(60_000),
  /** How fast the daily check of what lies here reads. */
  fixityBytesPerSecond: bytes.min(1).default(20_000_000),
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
