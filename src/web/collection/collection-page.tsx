import './collection-page.css';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { FirstSteps } from '../parts/first-steps.tsx';
import { holdTurns } from '../parts/picture-turns.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { Bulk } from './bulk.tsx';
import { Facets } from './facets.tsx';
import { isByWork, searchIn } from './narrowing.ts';
import { SavedViews } from './saved-views.tsx';
import { useFound } from './use-found.ts';
import { useSelection } from './use-selection.ts';
import { Works } from './works.tsx';

const words = TEXT.collection;
const route = getRouteApi('/');

/** What there is, narrowed by what stands in the address. */
export function CollectionPage(): ReactNode {
  const search = route.useSearch();
  const { view, ...narrowing } = search;
  const navigate = route.useNavigate();
  const narrow = (change: Readonly<Record<string, unknown>>) =>
    void navigate({ search: (before) => searchIn({ ...before, ...change }), replace: true });
  const { first, shown, total, assets, facets } = useFound(narrowing);
  const selection = useSelection();
  return (
    <div className="page collection-page">
      <div className="collection-head">
        <h1>{words.title}</h1>
        <button
          type="button"
          className="control"
          aria-pressed={view === 'list'}
          onClick={() => narrow({ view: view === 'list' ? undefined : 'list' })}
        >
          {words.asList}
        </button>
        {narrowing.work === undefined && (
          <button
            type="button"
            className="control"
            aria-pressed={narrowing.parts === 'each'}
            onClick={() => narrow({ parts: narrowing.parts === 'each' ? undefined : 'each' })}
          >
            {words.works.each}
          </button>
        )}
        <SavedViews search={search} />
      </div>
      <Words q={narrowing.q} narrow={narrow} />
      <div className="collection-columns">
        <Narrow isAny={Object.keys(narrowing).some((name) => !ELSEWHERE.has(name))}>
          <Facets narrowing={narrowing} counted={facets} narrow={narrow} />
        </Narrow>
        <section aria-label={words.found(shown.q ?? '')}>
          {shown.work !== undefined && <Opened narrow={narrow} />}
          <div className="shown">
            <p role="status">
              {total !== undefined && words.total(countText(total))}
              {isByWork(shown) && assets !== undefined && total !== undefined && assets > total
                ? words.works.inAll(countText(assets))
                : ''}
            </p>
            {total !== undefined && total > 1 && (
              <button
                type="button"
                className="select-all"
                disabled={selection.isGathering}
                onClick={() => selection.addAll(shown)}
              >
                {selection.isGathering ? words.bulk.gathering : words.bulk.all}
              </button>
            )}
          </div>
          {first.error && first.data === undefined && (
            <Failure error={first.error} retry={() => void first.refetch()} />
          )}
          {first.isPending && <Loading />}
          {total === 0 && <Nothing isAll={Object.keys(narrowing).length === 0} />}
          {first.data && total !== 0 && (
            <Works narrowing={shown} total={total} isList={view === 'list'} selection={selection} />
          )}
        </section>
      </div>
      <Bulk selection={selection} />
    </div>
  );
}

/** Where nothing was found: what to do next, if that is since there is nothing at all. */
function Nothing({ isAll }: { readonly isAll: boolean }): ReactNode {
  const isSignedIn = useIdentity() !== null;
  if (!isAll) return <Empty title={words.noneTitle}>{words.none}</Empty>;
  if (isSignedIn) return <FirstSteps />;
  return (
    <Empty title={words.emptyTitle}>
      <p>{words.empty}</p>
      <p className="nothing-ways">
        <Link to="/sign-in">{TEXT.account.nav.nobody}</Link>
        <Link to="/makers/ask">{words.ask}</Link>
      </p>
    </Empty>
  );
}

/** What stands outside the column that narrows. */
const ELSEWHERE: ReadonlySet<string> = new Set(['q', 'work', 'parts']);

/** Says that one work is open, and leads back. */
function Opened({
  narrow,
}: {
  readonly narrow: (change: { readonly work: undefined }) => void;
}): ReactNode {
  return (
    <p className="opened">
      {words.works.opened}
      <button type="button" className="control" onClick={() => narrow({ work: undefined })}>
        {words.works.all}
      </button>
    </p>
  );
}

/** So long after a letter no picture begins to load: what is found comes first, and is other works. */
const TYPING_MS = 200;

/** What is typed is looked for at once; who comes back finds it in the address. */
function Words({
  q,
  narrow,
}: {
  readonly q: string | undefined;
  readonly narrow: (change: { readonly q: string }) => void;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Another view may have been opened meanwhile; what somebody is typing is left to them.
    if (field.current !== null && field.current !== document.activeElement) {
      field.current.value = q ?? '';
    }
  }, [q]);
  return (
    <search>
      <label htmlFor="q" className="hidden">
        {words.search}
      </label>
      <input
        id="q"
        ref={field}
        type="search"
        className="control words"
        placeholder={words.search}
        defaultValue={q}
        maxLength={256}
        dir="auto"
        onChange={({ target }) => {
          holdTurns(TYPING_MS);
          narrow({ q: target.value });
        }}
      />
    </search>
  );
}

/** Beside the works where there is room; else it is opened. */
function Narrow({
  isAny,
  children,
}: {
  readonly isAny: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <aside aria-label={words.narrow} className={isOpen ? 'narrow narrow-open' : 'narrow'}>
      <button
        type="button"
        className="control narrow-button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {words.narrow}
        {isAny && <span className="narrow-on">{words.narrowed}</span>}
      </button>
      <div className="narrow-body">{children}</div>
    </aside>
  );
}
