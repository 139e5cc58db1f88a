/**
 * Why a rule failed. `E_` makes an asset ineligible, `H_` holds it. The codes are the contract,
 * the sentence beside each is for people and may change.
 */
export const REASON_CODES = [
  /** R0: no deposit stands, or deposits contradict each other. */
  'E_RECORD',
  /** R0: a statement whose signature does not hold. The fold drops it, so no verdict says it yet. */
  'E_SIGNATURE',
  /** R0: too few other organisations have witnessed what the verdict relies on. */
  'E_NOT_LOGGED',
  /** R0 and the denial rules: something is unreadable, unknown to this version, or not inspected yet. */
  'E_UNKNOWN',
  /** R0: the rules themselves failed; nothing is concluded from that. */
  'E_INTERNAL',
  /** R1: too few proven copies, or too few with a recent proof. */
  'E_INTEGRITY',
  'E_FIXITY_STALE',
  /** R2 */
  'E_TAKEDOWN',
  'E_ERASED',
  'E_QUARANTINE',
  /** R3 */
  'H_DISPUTE',
  'H_HOLD',
  /** R4: nothing grants it; a grant does not reach this use; it was withdrawn; its chain is broken. */
  'E_NO_GRANT',
  'E_GRANT_SCOPE',
  'E_WITHDRAWN',
  'E_CHAIN',
  /** R5, the first with the protocol in parentheses. */
  'E_RESERVED',
  'E_CONDITION',
  /** R6 */
  'E_PERSONAL',
  /** R7 */
  'E_SYNTHETIC',
  'E_MIXED',
  'E_ALGORITHMIC',
  'E_ORIGIN_UNKNOWN',
  /** R8 */
  'E_EVIDENCE',
  /** R9 */
  'E_TAINT',
  /** R10 */
  'E_DUP_SYNTH',
  'E_DUP_UNCHECKED',
  'H_NEAR_DUP',
  /** R11 */
  'H_DETECTOR',
  /** R12 */
  'E_POLICY',
] as const;

export type ReasonCode =
  | Exclude<(typeof REASON_CODES)[number], 'E_RESERVED'>
  | `E_RESERVED(${string})`;

/** Says whether a code only holds an asset, until people have looked. */
export function isHold(code: ReasonCode): boolean {
  return code.startsWith('H_');
}
