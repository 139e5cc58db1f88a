import type { AssetFilter, Gathering } from '../../core/ports/asset-lists.ts';
import type { FilterReader } from '../listing/filter-reader.ts';
import type { Pacer } from '../pacer.ts';
import type { Asked } from '../verdicts.ts';

type Filtered = { readonly filter: AssetFilter } & Gathering;

/** Questions that may look at every asset, and how a file answers them: here, or in a thread of its own. */
export const LONG_QUESTIONS = {
  count: ({ listing }: FilterReader, { filter, ...gathering }: Filtered, pacer: Pacer) =>
    listing.count(filter, gathering, pacer),

  cursorAfter: (
    { listing }: FilterReader,
    { filter, skip, ...gathering }: Filtered & { readonly skip: number },
    pacer: Pacer,
  ) => listing.cursorAfter(filter, skip, gathering, pacer),

  facets: (
    { facets }: FilterReader,
    { filter, asked }: { readonly filter: AssetFilter; readonly asked: Asked },
    pacer: Pacer,
  ) => facets.count(filter, asked, pacer),
};

export type LongKind = keyof typeof LONG_QUESTIONS;

/** What a question of a kind asks. */
export type LongAsked<Kind extends LongKind> = Parameters<(typeof LONG_QUESTIONS)[Kind]>[1];

export type LongAnswer<Kind extends LongKind> = Awaited<ReturnType<(typeof LONG_QUESTIONS)[Kind]>>;

/** A question as it is sent. */
export interface LongQuestion<Kind extends LongKind = LongKind> {
  readonly kind: Kind;
  readonly asked: LongAsked<Kind>;
}

/** Answers a question of a file. @throws {ArchiveError} as what is asked; `aborted`. */
export function answerLong<Kind extends LongKind>(
  { kind, asked }: LongQuestion<Kind>,
  reader: FilterReader,
  pacer: Pacer,
): Promise<LongAnswer<Kind>> {
  // The compiler does not see that the function of a kind takes what is asked of that kind.
  const answer = LONG_QUESTIONS[kind] as (
    reader: FilterReader,
    asked: LongAsked<Kind>,
    pacer: Pacer,
  ) => Promise<LongAnswer<Kind>>;
  return answer(reader, asked, pacer);
}
