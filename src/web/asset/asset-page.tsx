import './asset-page.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { assetNamed, verdictOn } from '../api/queries.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Preview } from '../parts/preview.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { sizeText, timeText } from '../text/figures.ts';
import { Gates } from './gates.tsx';

const words = TEXT.asset;

/** One work: what it looks like, whether it may be used and why, and what is known of it. */
export function AssetPage({ cid }: { readonly cid: string }): ReactNode {
  const { data: asset, error, refetch } = useQuery(assetNamed(cid));
  const verdict = useQuery(verdictOn(cid));
  if (error && asset === undefined)
    return <Failure isPage error={error} retry={() => void refetch()} />;
  if (asset === undefined) return <Loading />;
  return (
    <article className="page asset-page">
      <p>
        <Link to="/">← {words.back}</Link>
      </p>
      <h1 dir="auto">{asset.title || TEXT.collection.noTitle}</h1>
      <div className="asset-columns">
        <Preview cid={asset.cid} mediaType={asset.mediaType} />
        <div className="asset-words">
          {verdict.data && <Gates verdict={verdict.data} />}
          {verdict.error && verdict.data === undefined && <Failure error={verdict.error} />}
          <section>
            <h2>{words.facts}</h2>
            <dl className="facts">
              <dt>{words.makers}</dt>
              <dd dir="auto">{asset.creators.join(', ')}</dd>
              <dt>{words.licence}</dt>
              <dd>{asset.licence ?? words.noLicence}</dd>
              <dt>{words.format}</dt>
              <dd>{asset.mediaType}</dd>
              <dt>{words.size}</dt>
              <dd>{sizeText(asset.size)}</dd>
              <dt>{words.deposited}</dt>
              {asset.deposits.map(({ id, at }) => (
                <dd key={id}>
                  <time dateTime={at}>{timeText(at)}</time>
                </dd>
              ))}
              <dt>{words.cid}</dt>
              <dd>
                <CopyText text={asset.cid} label={words.cid} />
              </dd>
            </dl>
          </section>
          <section>
            <h2>{words.findings}</h2>
            {asset.findings.map(({ inspector, version, outcome, facts }) => (
              <details key={`${inspector} ${version} ${outcome}`}>
                <summary>
                  {inspector} {version}: {outcome}
                </summary>
                <pre>{JSON.stringify(facts, null, 2)}</pre>
              </details>
            ))}
          </section>
        </div>
      </div>
    </article>
  );
}
