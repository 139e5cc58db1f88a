import './asset-page.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { verdictOn } from '../api/asset-queries.ts';
import { useIdentity } from '../api/identity.ts';
import { type Asset, assetNamed } from '../api/queries.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Alike } from './alike.tsx';
import { Consents } from './consents.tsx';
import { Credentials } from './credentials.tsx';
import { Downloads } from './downloads.tsx';
import { Facts } from './facts.tsx';
import { Findings } from './findings.tsx';
import { Gates } from './gates.tsx';
import { Lineage } from './lineage.tsx';
import { Part } from './part.tsx';
import { USUAL } from './question.ts';
import { QuestionChoice } from './question-choice.tsx';
import { Standing } from './standing.tsx';
import { Timeline } from './timeline.tsx';
import { Uses } from './uses.tsx';
import { Viewer } from './viewer/viewer.tsx';

const words = TEXT.asset;
const route = getRouteApi('/assets/$cid');

/** One work; nothing of another is left on the page. */
export function AssetPage(): ReactNode {
  const { cid } = route.useParams();
  return <Work key={cid} cid={cid} />;
}

/** What a work looks like, whether it may be used and why, and everything that is known of it. */
function Work({ cid }: { readonly cid: string }): ReactNode {
  const isSignedIn = useIdentity() !== null;
  const asked = { ...USUAL, ...route.useSearch() };
  const { data: asset, error, refetch } = useQuery(assetNamed(cid));
  const verdict = useQuery({ ...verdictOn(cid, asked), enabled: isSignedIn });
  if (error && asset === undefined)
    return <Failure isPage error={error} retry={() => void refetch()} />;
  if (asset === undefined) return <Loading />;
  return (
    <article className="page asset-page">
      <header>
        <p>
          <Link to="/">← {words.back}</Link>
        </p>
        <h1 dir="auto">{asset.title || TEXT.collection.noTitle}</h1>
        {asset.creators.length > 0 && (
          <p className="by">
            <bdi>{asset.creators.join(', ')}</bdi>
          </p>
        )}
      </header>
      <Standing asset={asset} verdict={verdict.data} />
      <div className="asset-columns">
        <div className="asset-look">
          <Viewer asset={asset} />
          <Part title={words.downloads.title}>
            <Downloads asset={asset} isSignedIn={isSignedIn} />
          </Part>
        </div>
        <div className="asset-words">
          <section>
            <h2>{words.gates}</h2>
            {isSignedIn ? <QuestionChoice /> : <SignInFirst />}
            {verdict.data && <Gates verdict={verdict.data} />}
            {verdict.error && verdict.data === undefined && <Failure error={verdict.error} />}
          </section>
          <Part title={words.facts}>
            <Facts asset={asset} />
          </Part>
          <Part title={words.findings}>
            <Findings asset={asset} isSignedIn={isSignedIn} />
          </Part>
          {isSignedIn && <Story asset={asset} />}
        </div>
      </div>
    </article>
  );
}

function SignInFirst(): ReactNode {
  return (
    <p>
      {words.signIn} <Link to="/sign-in">{TEXT.account.nav.nobody}</Link>
    </p>
  );
}

/** What only those are told who may see everything. */
function Story({ asset }: { readonly asset: Asset }): ReactNode {
  const { cid } = asset;
  return (
    <>
      <Part title={words.credentials.title}>
        <Credentials asset={asset} />
      </Part>
      <Part title={words.lineage.title}>
        <Lineage cid={cid} />
      </Part>
      <Part title={words.alike.title}>
        <Alike asset={asset} />
      </Part>
      <Part title={words.consents.title}>
        <Consents cid={cid} />
      </Part>
      <Part title={words.uses.title}>
        <Uses cid={cid} />
      </Part>
      <Part title={words.timeline.title}>
        <Timeline cid={cid} />
      </Part>
    </>
  );
}
