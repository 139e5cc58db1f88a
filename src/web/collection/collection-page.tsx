import './collection-page.css';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { listing, type Narrowing } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { narrowingIn } from './narrowing.ts';
import { Tile } from './tile.tsx';

const words = TEXT.collection;
const route = getRouteApi('/');

const KINDS = [
  { value: '', label: words.anyMedia },
  ...Object.entries(words.kinds).map(([value, label]) => ({ value, label })),
];
const USES = [
  { value: '', label: words.anyUse },
  ...PURPOSES.map((value) => ({ value, label: words.purposes[value] })),
];

/** What there is, narrowed by what stands in the address. */
export function CollectionPage(): ReactNode {
  const narrowing = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: Readonly<Partial<Record<keyof Narrowing, string>>>) =>
    void navigate({ search: (before) => narrowingIn({ ...before, ...change }), replace: true });
  return (
    <div className="page collection-page">
      <h1>{words.title}</h1>
      <search className="narrowing">
        <label htmlFor="q" className="hidden">
          {words.search}
        </label>
        <input
          id="q"
          type="search"
          className="control"
          placeholder={words.search}
          defaultValue={narrowing.q}
          dir="auto"
          onChange={({ target }) => narrow({ q: target.value })}
        />
        <Choice
          label={words.media}
          options={KINDS}
          value={narrowing.media ?? ''}
          onChoose={(media) => narrow({ media })}
        />
        <Choice
          label={words.use}
          options={USES}
          value={narrowing.eligible ?? ''}
          onChoose={(eligible) => narrow({ eligible })}
        />
      </search>
      <Results narrowing={narrowing} />
    </div>
  );
}

function Results({ narrowing }: { readonly narrowing: Narrowing }): ReactNode {
  const { data, error, refetch, isPlaceholderData, ...pages } = useInfiniteQuery({
    ...listing(narrowing),
    placeholderData: keepPreviousData,
  });
  const { fetchNextPage, hasNextPage, isFetching } = pages;
  const more = useRef<HTMLButtonElement>(null);
  // More comes before its button is reached.
  useEffect(() => {
    if (more.current === null || isFetching) return;
    const watcher = new IntersectionObserver(
      ([seen]) => void (seen?.isIntersecting && fetchNextPage()),
      { rootMargin: '1200px' },
    );
    watcher.observe(more.current);
    return () => watcher.disconnect();
  }, [isFetching, fetchNextPage]);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const assets = data.pages.flatMap((page) => page.assets);
  return (
    <>
      <p className="shown" role="status">
        {isPlaceholderData
          ? TEXT.states.loading
          : assets.length > 0 && words.shown(countText(assets.length), !hasNextPage)}
      </p>
      {assets.length === 0 && !hasNextPage && <Empty title={words.noneTitle}>{words.none}</Empty>}
      {assets.length > 0 && (
        <ul className="tiles" aria-busy={isPlaceholderData}>
          {assets.map((asset) => (
            <Tile key={asset.cid} asset={asset} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <button ref={more} type="button" className="control" onClick={() => void fetchNextPage()}>
          {words.more}
        </button>
      )}
    </>
  );
}
