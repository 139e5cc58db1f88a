import './partners-page.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ForSignedIn } from '../parts/for-signed-in.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Connections } from './connections.tsx';
import { CopiesMap } from './copies-map.tsx';
import { Invitations } from './invitations.tsx';
import { LastPass } from './last-pass.tsx';
import { replicas } from './partner-queries.ts';
import { Watch } from './watch.tsx';

const words = TEXT.partners;

/** Who holds what with this home, how far each is, and who is invited. */
export function PartnersPage(): ReactNode {
  return (
    <ForSignedIn>
      <div className="page partners-page">
        <header>
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </header>
        <Copies />
        <Invitations />
        <Connections />
      </div>
    </ForSignedIn>
  );
}

function Copies(): ReactNode {
  const { data, error, refetch } = useQuery(replicas);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { nodes, lastPass } = data;
  const isAlone = nodes.every(({ isThisHome }) => isThisHome);
  return (
    <section aria-labelledby="copies">
      <h2 id="copies">{words.map.title}</h2>
      <p className="partners-note">{words.map.note}</p>
      <CopiesMap nodes={nodes} />
      {isAlone && <Empty title={words.aloneTitle}>{words.alone}</Empty>}
      {lastPass && <LastPass pass={lastPass} />}
      {!isAlone && <Watch nodes={nodes} />}
    </section>
  );
}
