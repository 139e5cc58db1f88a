/** A time from the first to the last of several moments, in RFC 3339. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** Returns the span with a moment in it. */
export function extended(span: Span | null, at: string): Span {
  if (span === null) return { first: at, last: at };
  return { first: at < span.first ? at : span.first, last: at > span.last ? at : span.last };
}
