import './releases.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText, timeText } from '../text/figures.ts';
import { CutState } from './cut-form.tsx';
import { manifestOf, releaseList } from './release-queries.ts';

const words = TEXT.releases;

/** The releases that the archive has cut. */
export function ReleasesPage(): ReactNode {
  const { data, error, refetch } = useQuery(releaseList);
  if (error && data === undefined)
    return <Failure isPage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <div className="page releases-page">
      <div className="title-row">
        <h1>{words.title}</h1>
        <Link to="/releases/new" className="control control-main link-control">
          {words.newTitle}
        </Link>
      </div>
      <CutState />
      {data.length === 0 && <Empty title={words.noneTitle}>{words.none}</Empty>}
      <ul className="rows release-list">
        {data.toReversed().map(({ release, ...told }) => (
          <li key={release}>
            <Link to="/releases/$release" params={{ release }}>
              <Called release={release} />
            </Link>
            <span className="soft">
              {TEXT.collection.purposes[told.purpose]} · {countText(told.assets)} {words.assets} ·{' '}
              {sizeText(told.bytes)} · <time dateTime={told.at}>{timeText(told.at)}</time>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What a release is called; one that is not here has its CID alone. */
function Called({ release }: { readonly release: string }): ReactNode {
  const { data } = useQuery(manifestOf(release));
  return data === undefined ? <code>{release}</code> : `${data.name} ${data.version}`;
}
