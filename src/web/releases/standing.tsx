import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { type Manifest, standingOf, type WithdrawalList } from './release-queries.ts';

const words = TEXT.releases.standing;

/** How a release is served now, and what left it since it was cut; another as soon as the node says so. */
export function Standing({ manifest }: { readonly manifest: Manifest }): ReactNode {
  const { data, error } = useQuery(standingOf(manifest));
  if (error && data === undefined) return <Failure error={error} />;
  if (data === undefined) return <Loading />;
  const { revision, withdrawn, lists } = data;
  return (
    <section
      className={revision === 0 ? 'release-standing' : 'release-standing release-standing-changed'}
    >
      <p role="status">
        {revision === 0 ? words.asCut : words.revision(countText(revision), countText(withdrawn))}
      </p>
      {lists.map((list) => (
        <Changes key={list.revision} list={list} />
      ))}
    </section>
  );
}

function Changes({ list: { revision, issued, entries } }: { readonly list: WithdrawalList }) {
  return (
    <details>
      <summary>
        {words.list(countText(revision), countText(entries.length))}{' '}
        <time dateTime={issued}>{timeText(issued)}</time>
      </summary>
      <ul className="changes">
        {entries.map(({ asset, state, reason }) => (
          <li key={asset}>
            {words.states[state]}: {words.reasons[reason] ?? <code>{reason}</code>}
            <Link to="/assets/$cid" params={{ cid: asset }}>
              <code>{asset}</code>
              <span className="hidden"> {words.impact}</span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
