import './makers.css';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { operations } from '../../../.cache/web/described.d.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { answered } from '../api/client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { asMaker, type MakerKey, useMakerKey } from './maker-key.ts';
import { MakerPage } from './maker-page.tsx';
import { Said } from './said.tsx';
import { Uses } from './uses.tsx';

export type MadeClaims = operations['makerWork']['responses'][200]['content']['application/json'];

const words = TEXT.makers.work;

/** One work of a maker: may it be used, what the maker has said, and every use of it. */
export function WorkPage(): ReactNode {
  const { cid = '' } = useParams({ strict: false });
  const key = useMakerKey();
  if (key === undefined) return <Loading />;
  if (key === null)
    return <MakerPage title={TEXT.makers.works.title}>{TEXT.makers.key.none}</MakerPage>;
  return <Work cid={cid} by={key} />;
}

function Work({ cid, by }: { readonly cid: string; readonly by: MakerKey }): ReactNode {
  const asset = useQuery(workNamed(cid, by));
  const made = useQuery(madeOf(cid, by));
  const error = asset.error ?? made.error;
  if (error) return <Failure isPage error={error} retry={() => void made.refetch()} />;
  if (asset.data === undefined || made.data === undefined) return <Loading />;
  return (
    <MakerPage title={asset.data.title || TEXT.collection.noTitle}>
      <CopyText text={cid} label={TEXT.asset.cid} />
      <Verdicts cid={cid} by={by} />
      <Said cid={cid} by={by} made={made.data} />
      <Uses made={made.data} />
    </MakerPage>
  );
}

/** Whether it may be used, for each purpose by itself. */
function Verdicts({ cid, by }: { readonly cid: string; readonly by: MakerKey }): ReactNode {
  return (
    <section className="maker-section">
      <h2>{words.may}</h2>
      <p className="soft">{words.asked}</p>
      <dl className="verdicts">
        {PURPOSES.map((purpose) => (
          <Verdict key={purpose} cid={cid} by={by} purpose={purpose} />
        ))}
      </dl>
    </section>
  );
}

function Verdict({
  cid,
  by,
  purpose,
}: {
  readonly cid: string;
  readonly by: MakerKey;
  readonly purpose: (typeof PURPOSES)[number];
}): ReactNode {
  const { data } = useQuery(verdictFor(cid, by, purpose));
  const failed = data?.gates.flatMap(({ rules }) => rules).find(({ pass }) => !pass);
  return (
    <div>
      <dt>{TEXT.collection.purposes[purpose]}</dt>
      <dd>
        {data && <strong>{failed === undefined ? words.yes : words.no}</strong>}
        {failed && <span dir="auto">{failed.text}</span>}
      </dd>
    </div>
  );
}

function workNamed(asset: string, { key }: MakerKey) {
  return queryOptions({
    queryKey: ['maker', 'work', key, asset],
    queryFn: ({ signal }) =>
      answered(asMaker.GET('/api/v1/assets/{asset}', { params: { path: { asset } }, signal })),
  });
}

function madeOf(asset: string, { key }: MakerKey) {
  return queryOptions({
    queryKey: ['maker', 'made', key, asset],
    queryFn: ({ signal }) => {
      const params = { path: { asset } };
      return answered(asMaker.GET('/api/v1/makers/works/{asset}', { params, signal }));
    },
  });
}

function verdictFor(asset: string, { key }: MakerKey, purpose: (typeof PURPOSES)[number]) {
  return queryOptions({
    queryKey: ['maker', 'verdict', key, asset, purpose],
    queryFn: ({ signal }) => {
      const params = { path: { asset }, query: { purpose, policy: 'corroborated' } };
      return answered(asMaker.GET('/api/v1/assets/{asset}/explain', { params, signal }));
    },
  });
}
