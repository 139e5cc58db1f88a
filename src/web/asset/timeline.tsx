import './timeline.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { historyOf } from '../api/asset-queries.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { Statement } from './statement.tsx';

const words = TEXT.asset.timeline;

/** Everything that was said of a work, the newest first. */
export function Timeline({ cid }: { readonly cid: string }): ReactNode {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    historyOf(cid),
  );
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const statements = data.pages.flatMap(({ items }) => items);
  return (
    <>
      <p className="asked" role="status">
        {words.shown(countText(statements.length), countText(data.pages[0]?.result.total ?? 0))}
      </p>
      <ol className="timeline">
        {statements.map((said) => (
          <li key={said.id}>
            <Statement said={said} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <button
          type="button"
          className="control"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {words.more}
        </button>
      )}
    </>
  );
}
