import './works.css';
import { useRouter } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { holdTurns } from '../parts/picture-turns.ts';
import type { Narrowing } from './narrowing.ts';
import { useWorks } from './use-found.ts';
import { useLayout } from './use-layout.ts';
import type { Selection } from './use-selection.ts';
import { Work } from './work.tsx';

/** Rows that are there beyond what is seen. */
const OVERSCAN = 2;

/** What was found, as tiles or rows; only what is near is there at all. */
export function Works({
  narrowing,
  total,
  isList,
  selection,
}: {
  readonly narrowing: Narrowing;
  readonly total: number | undefined;
  readonly isList: boolean;
  readonly selection: Selection;
}): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const layout = useLayout(list, isList);
  const { columns, width, height, gap, top } = layout;
  const [known, setKnown] = useState(0);
  const count = total ?? known;
  const rows = Math.max(1, Math.ceil(count / columns));
  const virtual = useWindowVirtualizer({
    count: rows,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are as high as the layout says
  useEffect(() => virtual.measure(), [virtual, height]);
  const shown = virtual.getVirtualItems();
  const from = (shown[0]?.index ?? 0) * columns;
  const to = ((shown.at(-1)?.index ?? 0) + 1) * columns;
  const works = useWorks(narrowing, from, to);
  useEffect(() => setKnown((before) => Math.max(before, works.known)), [works.known]);
  const { current, onKeyDown, onFocus } = useKeys(list, count, columns, (place) =>
    virtual.scrollToIndex(Math.floor(place / columns)),
  );
  const follow = useFollow();
  useEffect(holdWhilePassing, []);
  const places = shown.flatMap(({ index, start }) =>
    Array.from({ length: columns }, (_, at) => ({ place: index * columns + at, start, at })),
  );
  return (
    <ul
      ref={list}
      className={isList ? 'works works-list' : 'works'}
      style={{ height: rows * height }}
      onClick={follow}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {places.map(({ place, start, at }) => {
        const asset = place < count ? works.at(place) : null;
        if (asset === null) return null;
        return (
          <li
            key={place}
            className={asset !== undefined && selection.has(asset.cid) ? 'work work-on' : 'work'}
            aria-posinset={place + 1}
            aria-setsize={count}
            data-place={place}
            style={{
              width,
              height: height - gap,
              // Moved by `transform`, each would be a layer of its own to the browser.
              left: at * (width + gap),
              top: start - top,
            }}
          >
            {asset !== undefined && (
              <Work
                asset={asset}
                isList={isList}
                narrowing={narrowing}
                isCurrent={place === current}
                isSelected={selection.has(asset.cid)}
                onSelect={selection.toggle}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Goes to the page of a work whose link is clicked, unless it is to be opened elsewhere. */
function useFollow(): (event: MouseEvent) => void {
  const router = useRouter();
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isElsewhere = event.metaKey || event.altKey || event.ctrlKey || event.shiftKey;
    if (link === null || isElsewhere || event.button !== 0) return;
    event.preventDefault();
    void router.navigate({ href: `${link.pathname}${link.search}` });
  };
}

/** Whoever passes more screens in a second sees no picture of them. */
const PASSING = 2;
const PASSING_MS = 120;

/** Lets no picture begin to load while somebody only passes; what it returns ends that. */
function holdWhilePassing(): () => void {
  let last = { y: scrollY, at: 0 };
  const look = ({ timeStamp: at }: Event) => {
    const screens = Math.abs(scrollY - last.y) / innerHeight;
    if (screens * 1000 > PASSING * (at - last.at)) holdTurns(PASSING_MS);
    last = { y: scrollY, at };
  };
  addEventListener('scroll', look, { passive: true });
  return () => removeEventListener('scroll', look);
}

const MOVES: Readonly<Record<string, (columns: number) => number>> = {
  ArrowRight: () => 1,
  ArrowLeft: () => -1,
  ArrowDown: (columns) => columns,
  ArrowUp: (columns) => -columns,
  Home: () => Number.NEGATIVE_INFINITY,
  End: () => Number.POSITIVE_INFINITY,
};

/** Lets arrows move from work to work, of which one at a time is reached by Tab. */
function useKeys(
  list: React.RefObject<HTMLElement | null>,
  count: number,
  columns: number,
  show: (place: number) => void,
) {
  const [current, setCurrent] = useState(0);
  const isMoving = useRef(false);
  useEffect(() => {
    if (!isMoving.current) return;
    const link = list.current?.querySelector<HTMLElement>(`[data-place="${current}"] a`);
    if (link === null || link === undefined) return;
    isMoving.current = false;
    link.focus({ preventScroll: true });
  });
  return {
    current: Math.min(current, Math.max(0, count - 1)),
    onKeyDown(event: KeyboardEvent) {
      const move = MOVES[event.key];
      if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const next = Math.min(Math.max(current + move(columns), 0), count - 1);
      isMoving.current = true;
      setCurrent(next);
      show(next);
    },
    onFocus({ target }: { readonly target: Element }) {
      const place = target.closest<HTMLElement>('[data-place]')?.dataset['place'];
      if (place !== undefined) setCurrent(Number(place));
    },
  };
}
