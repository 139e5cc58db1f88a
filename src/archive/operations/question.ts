import { z } from 'zod';
import { LEVELS } from '../../core/policy/documents.ts';
import { GATE_NAMES } from '../../core/policy/gates.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import type { Clock } from '../../core/ports/environment.ts';
import { requester, timestamp } from '../../core/statements/fields.ts';
import { timestampOf } from '../now.ts';

/** What a verdict is asked for. Without `at`, for now. */
export const question = z.strictObject({
  purpose: z.enum(PURPOSES),
  policy: z.string(),
  requester,
  at: timestamp.exactOptional(),
});

/** A question, and which answers to it are meant. */
export const standing = question.extend({
  is: z.enum(['eligible', 'hold', 'ineligible']).exactOptional(),
  level: z.enum(LEVELS).exactOptional(),
  /** The gate that fails first. */
  gate: z.enum(GATE_NAMES).exactOptional(),
});

/** Returns the question with its moment; now is what the clock says where the archive is open. */
export function dated<Asked extends { readonly at?: string }>(asked: Asked, clock: Clock) {
  return { ...asked, at: asked.at ?? timestampOf(clock) };
}
