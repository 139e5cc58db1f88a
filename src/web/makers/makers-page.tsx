import './makers.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { KeyPanel } from './key-panel.tsx';
import { type MakerKey, useMakerKey } from './maker-key.ts';
import { worksOf } from './maker-queries.ts';

const words = TEXT.makers;
const DOORS = [
  { to: '/makers/ask', words: words.doors.ask },
  { to: '/makers/sign', words: words.doors.sign },
  { to: '/makers/withdraw', words: words.doors.withdraw },
  { to: '/makers/answer', words: words.doors.answer },
] as const;

/** Where somebody begins who made something and is no member: what can be done, the key, and the works. */
export function MakersPage(): ReactNode {
  const key = useMakerKey();
  return (
    <div className="page maker-page">
      <h1>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <ul className="doors">
        {DOORS.map(({ to, words: [title, what] }) => (
          <li key={to}>
            <Link to={to}>
              <strong>{title}</strong>
              <span>{what}</span>
            </Link>
          </li>
        ))}
      </ul>
      {key && <Works of={key} />}
      <KeyPanel />
    </div>
  );
}

function Works({ of }: { readonly of: MakerKey }): ReactNode {
  const { data, error, refetch } = useQuery(worksOf(of));
  return (
    <section className="maker-section">
      <h2>{words.works.title}</h2>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!error && data === undefined && <Loading />}
      {data?.length === 0 && <p className="soft">{words.works.none}</p>}
      <ul className="works-signed">
        {data?.map(({ cid, title }) => (
          <li key={cid}>
            <Link to="/makers/works/$cid" params={{ cid }} dir="auto">
              {title || TEXT.collection.noTitle}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
