import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useId } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { type LogEntry, logPage, PAGE } from './audit-queries.ts';
import { kindText } from './kind-text.ts';

const words = TEXT.audit.list;
const route = getRouteApi('/audit');

/** What arrived in the log, a page at a time, the newest first. */
export function LogList(): ReactNode {
  const { before } = route.useSearch();
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...logPage(before),
    placeholderData: keepPreviousData,
  });
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { items, result } = data;
  const newest = items[0]?.arrival ?? 0;
  const newer = newest + 1 + PAGE >= result.size ? {} : { before: newest + 1 + PAGE };
  return (
    <>
      <p className="log-shown" role="status">
        {words.shown(
          countText(items.at(-1)?.arrival ?? 0),
          countText(newest),
          countText(result.size),
        )}
      </p>
      <ol className="log" aria-busy={isPlaceholderData}>
        {items.map((one) => (
          <Line key={one.entry} entry={one} />
        ))}
      </ol>
      <nav className="log-pages" aria-label={words.pages}>
        {newest + 1 < result.size && (
          <>
            <Link className="control" to="/audit" search={{}} resetScroll={false}>
              {words.newest}
            </Link>
            <Link className="control" to="/audit" search={newer} resetScroll={false}>
              ← {words.newer}
            </Link>
          </>
        )}
        {result.next !== null && (
          <Link
            className="control"
            to="/audit"
            search={{ before: result.next }}
            resetScroll={false}
          >
            {words.older} →
          </Link>
        )}
        {result.next !== null && (
          <Link className="control" to="/audit" search={{ before: PAGE }} resetScroll={false}>
            {words.oldest}
          </Link>
        )}
        {result.size > PAGE && <GoTo size={result.size} />}
      </nav>
    </>
  );
}

/** Shows the page that begins with an entry of a number: a log may have a million. */
function GoTo({ size }: { readonly size: number }): ReactNode {
  const id = useId();
  const navigate = route.useNavigate();
  const go = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const number = Number(new FormData(event.currentTarget).get('number'));
    void navigate({ search: { before: number + 1 }, resetScroll: false });
  };
  return (
    <form onSubmit={go}>
      <label htmlFor={id}>{words.goTo}</label>
      <input
        id={id}
        name="number"
        type="number"
        className="control"
        min={0}
        max={size - 1}
        required
      />
      <button type="submit" className="control">
        {words.go}
      </button>
    </form>
  );
}

function Line({ entry }: { readonly entry: LogEntry }): ReactNode {
  const { arrival, author, at, kinds, standsNot } = entry;
  return (
    <li>
      <Link className="log-line" to="/audit/$entry" params={{ entry: entry.entry }}>
        <span className="log-number">{countText(arrival)}</span>
        <span className="log-kinds">
          {kinds.map(({ kind, count }) => kindText(kind, count)).join(', ')}
          {standsNot > 0 && <em> {words.standsNot(countText(standsNot))}</em>}
        </span>
        <span className="log-who" dir="auto">
          {author.name || author.organisationName || author.key}
        </span>
        <span className="log-when">
          {at === null ? words.noTime : <time dateTime={at}>{timeText(at)}</time>}
        </span>
      </Link>
    </li>
  );
}
