/** Returns up to `limit` asset numbers greater than `after`, ascending. */
export type PostingList = (after: number, limit: number) => readonly number[];

interface Head {
  readonly list: PostingList;
  page: readonly number[];
  place: number;
  /** Grows while the list is read, so that many short lists cost little and long ones few calls. */
  limit: number;
  isLast: boolean;
}

const MAX_PAGE = 256;

/** Yields every asset number greater than `after` that is in any of the lists, ascending, once. */
export function* union(lists: readonly PostingList[], after: number): Generator<number> {
  const limit = Math.max(1, Math.floor(MAX_PAGE / (lists.length + 1)));
  let heads: Head[] = [];
  for (const list of lists) {
    const head: Head = { list, page: [], place: 0, limit, isLast: false };
    if (refill(head, after)) heads.push(head);
  }
  while (heads.length > 0) {
    let least = Number.POSITIVE_INFINITY;
    for (const head of heads) least = Math.min(least, current(head));
    yield least;
    let hasEnded = false;
    for (const head of heads) {
      if (current(head) !== least) continue;
      head.place += 1;
      if (head.place === head.page.length && !refill(head, least)) hasEnded = true;
    }
    if (hasEnded) heads = heads.filter((head) => head.place < head.page.length);
  }
}

function refill(head: Head, after: number): boolean {
  if (head.isLast) return false;
  head.page = head.list(after, head.limit);
  head.place = 0;
  head.isLast = head.page.length < head.limit;
  head.limit = Math.min(MAX_PAGE, head.limit * 2);
  return head.page.length > 0;
}

function current(head: Head): number {
  return head.page[head.place] ?? Number.POSITIVE_INFINITY;
}
