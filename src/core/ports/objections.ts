import type { Cid } from '../cid.ts';

/** Why somebody without an account objects, as they choose it. */
export const OBJECTION_REASONS = {
  'made-by-me': 'I made this',
  'rights-holder': 'I hold rights in this',
  'shows-me': 'This shows me, or tells of me',
  'no-agreement': 'I did not agree to this use',
  other: 'Something else',
} as const;

export type ObjectionReason = keyof typeof OBJECTION_REASONS;

/** What a steward says to an objection. */
export interface ObjectionAnswer {
  readonly outcome: 'upheld' | 'dismissed';
  /** For whoever objected; empty for none. */
  readonly text: string;
  readonly at: string;
}

/**
 * What somebody without an account says against an asset. It lies in this home alone, and never in the
 * ledger: it is nobody's accusation until a steward has looked at it.
 */
export interface Objection {
  /** `obj_` and 16 hexadecimal digits. */
  readonly id: string;
  /** SHA-256 of the code by which whoever objected sees the answer, in hexadecimal. */
  readonly receipt: string;
  readonly asset: Cid;
  readonly reason: ObjectionReason;
  /** In their own words. */
  readonly text: string;
  readonly at: string;
  /** By when it is to be answered; unanswered, it holds the asset from then on. */
  readonly deadline: string;
  readonly answer: ObjectionAnswer | null;
  /** The statement that stops the asset for it. */
  readonly stop: string | null;
}

/** The objections of a home. */
export interface Objections {
  /** Returns them in the order in which they came. */
  list(): readonly Objection[];

  /**
   * Adds one. Durable when the promise resolves.
   *
   * @throws {ArchiveError} `disk_full`, `file_unreadable`.
   */
  add(objection: Objection): Promise<void>;

  /**
   * Puts in place of one what `next` makes of it as it is then, or deletes it for undefined; one change after
   * another. Durable when the promise resolves, with what is there now. Where `next` throws, nothing is changed.
   *
   * @throws {ArchiveError} `disk_full`, `file_unreadable`; whatever `next` throws.
   */
  change<Next extends Objection | undefined>(
    id: string,
    next: (current: Objection | undefined) => Promise<Next>,
  ): Promise<Next>;
}

/** How long things last, in days. */
export interface ObjectionTerms {
  /** Within which an objection is to be answered. */
  readonly answerDays: number;
  /** After its answer, until it is deleted. */
  readonly keepDays: number;
}
