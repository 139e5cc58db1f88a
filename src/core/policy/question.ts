import type { Policy } from './documents.ts';
import type { Purpose, Requester } from './purposes.ts';

/** What a verdict is asked for. The time is given, never read from a clock. */
export interface Question {
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** UTC, whole seconds: `2026-11-22T14:28:34Z`. */
  readonly at: string;
  readonly policy: Policy;
}
