import './members.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { kindName } from '../text/kind-name.ts';
import { type Member, membersOf } from './release-queries.ts';

const words = TEXT.releases.members;
/** Height of a row, in px, before it is measured. */
const ROW = 76;
/** How near the end of what has come one may get before more is asked for, in rows. */
const NEAR = 30;

/** What went into the release, with what is served no more since when and why; found by words. */
export function Members({ release }: { readonly release: string }): ReactNode {
  const [text, setText] = useState('');
  const [left, setLeft] = useState(false);
  const asked = { text: useSettled(text), left };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery(
    membersOf(release, asked),
  );
  const title = useId();
  const first = data?.pages[0]?.result;
  const members = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  return (
    <section className="block" aria-labelledby={title}>
      <h2 id={title}>{words.title}</h2>
      <div className="members-asks">
        <input
          type="search"
          className="control typed"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          maxLength={256}
          dir="auto"
          onChange={({ target }) => setText(target.value)}
        />
        <label className="check-line">
          <input
            type="checkbox"
            checked={left}
            onChange={({ target }) => setLeft(target.checked)}
          />
          {words.left(countText(first?.left ?? 0))}
        </label>
      </div>
      <p className="soft" role="status">
        {first && words.shown(countText(members.length), countText(first.assets), hasNextPage)}
      </p>
      {error && data === undefined && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Loading />}
      {data && members.length === 0 && !hasNextPage && <p>{words.none}</p>}
      {data && (members.length > 0 || hasNextPage) && (
        <Rows
          members={members}
          total={text === '' && !left ? first?.assets : undefined}
          more={hasNextPage && !isFetching && !error ? () => void fetchNextPage() : undefined}
        />
      )}
    </section>
  );
}

/** Only what is near is on the page; the next page is asked for when its end comes near. */
function Rows({
  members,
  total,
  more,
}: {
  readonly members: readonly Member[];
  readonly total: number | undefined;
  readonly more: (() => void) | undefined;
}): ReactNode {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: members.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    // Heights go with the works, wherever they come to stand.
    getItemKey: useCallback((index: number) => members[index]?.row ?? index, [members]),
    overscan: 4,
    useFlushSync: false,
  });
  const shown = virtual.getVirtualItems();
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= members.length - NEAR;
  useEffect(() => {
    if (isNearEnd) more?.();
  }, [isNearEnd, more]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section ref={box} className="members" tabIndex={0} aria-label={words.label}>
      <ol style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const member = members[index];
          if (member === undefined) return null;
          return (
            <li
              key={member.row}
              ref={virtual.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={total ?? -1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <One member={member} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function One({
  member: { asset, title, creators, mediaType, licence, level, left },
}: {
  readonly member: Member;
}): ReactNode {
  return (
    <>
      <Link to="/assets/$cid" params={{ cid: asset }} className="member-title">
        <bdi>{title || TEXT.collection.noTitle}</bdi>
      </Link>
      <p className="soft member-facts">
        {creators.length > 0 && (
          <>
            <bdi>{creators.join(', ')}</bdi> ·{' '}
          </>
        )}
        {kindName(mediaType)} · {licence || TEXT.releases.composition.consent} ·{' '}
        {words.level(level)}
      </p>
      {left && (
        <p className="member-left">
          <strong>{TEXT.releases.standing.states[left.state]}</strong>{' '}
          {words.since(countText(left.since), timeText(left.issued))}{' '}
          {TEXT.releases.standing.reasons[left.reason] ?? left.reason}
        </p>
      )}
    </>
  );
}
