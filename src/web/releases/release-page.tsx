import './releases.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText, timeText } from '../text/figures.ts';
import { CompositionCharts } from './composition.tsx';
import { Holders } from './holders.tsx';
import { Members } from './members.tsx';
import { QueryText } from './query-text.tsx';
import { type Manifest, manifestOf } from './release-queries.ts';
import { Snippets } from './snippets.tsx';
import { Standing } from './standing.tsx';
import { SummaryDownload } from './summary-download.tsx';

const words = TEXT.releases.page;

const route = getRouteApi('/releases/$release');

/** One release: what it holds, how it is served now, how it is loaded, and who has it. */
export function ReleasePage(): ReactNode {
  const { release } = route.useParams();
  const { data, error, refetch } = useQuery(manifestOf(release));
  if (error && data === undefined)
    return <Failure isPage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <article className="page releases-page">
      <p>
        <Link to="/releases">← {TEXT.releases.title}</Link>
      </p>
      <h1>
        {data.name} {data.version}
      </h1>
      <Standing manifest={data} />
      <div className="release-columns">
        <Facts release={release} manifest={data} />
        <section className="block">
          <h2>{words.composition}</h2>
          <CompositionCharts
            licences={data.counts.licences}
            levels={data.counts.levels}
            configs={configsOf(data)}
          />
        </section>
      </div>
      <Snippets manifest={data} />
      <Members release={release} />
      <Contents manifest={data} />
      <Holders release={release} />
      <SummaryDownload release={release} called={`${data.name}-${data.version}`} />
    </article>
  );
}

function Facts({ release, manifest }: { readonly release: string; readonly manifest: Manifest }) {
  const { counts, created, purpose, requester, policy, query, seed, license } = manifest;
  const asks = TEXT.asset.question;
  return (
    <section className="block">
      <h2>{words.facts}</h2>
      <dl className="facts">
        <dt>{asks.purpose}</dt>
        <dd>{TEXT.collection.purposes[purpose]}</dd>
        <dt>{asks.requester}</dt>
        <dd>{requesterText(requester)}</dd>
        <dt>{asks.policy}</dt>
        <dd>{policy.name}</dd>
        <dt>{words.cut}</dt>
        <dd>
          <time dateTime={created}>{timeText(created)}</time>
        </dd>
        <dt>{words.size}</dt>
        <dd>{words.sizes(countText(counts.assets), sizeText(counts.bytes))}</dd>
        <dt>{words.licence}</dt>
        <dd>{license}</dd>
        {query !== '' && (
          <>
            <dt>{words.query}</dt>
            <dd dir="auto">
              <QueryText query={query} />
            </dd>
          </>
        )}
        {seed !== '' && (
          <>
            <dt>{words.seed}</dt>
            <dd dir="auto">{seed}</dd>
          </>
        )}
        <dt>{TEXT.asset.cid}</dt>
        <dd>
          <CopyText text={release} label={TEXT.asset.cid} />
        </dd>
      </dl>
      <details>
        <summary>{words.notice}</summary>
        {manifest.notice.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </details>
    </section>
  );
}

/** The files that loaders read. */
function Contents({ manifest: { shards } }: { readonly manifest: Manifest }): ReactNode {
  return (
    <section className="block">
      <details>
        <summary>{words.contents(countText(shards.length))}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
        <section className="table-scroll" tabIndex={0} aria-label={words.contentsLabel}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.shard}</th>
                <th scope="col">{words.split}</th>
                <th scope="col">{TEXT.releases.composition.assets}</th>
                <th scope="col">{words.size}</th>
              </tr>
            </thead>
            <tbody>
              {shards.map(({ name, split, samples, size }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{split}</td>
                  <td>{countText(samples)}</td>
                  <td>{sizeText(size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}

function requesterText(requester: string): string {
  const known: Readonly<Record<string, string>> = TEXT.asset.question.requesters;
  return known[requester] ?? requester;
}

function configsOf({ shards }: Manifest): Readonly<Record<string, number>> {
  const configs: Record<string, number> = {};
  for (const { config, samples } of shards) configs[config] = (configs[config] ?? 0) + samples;
  return configs;
}
