import './consents.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { components } from '../../../.cache/web/described.d.ts';
import { PURPOSES, type Purpose } from '../../core/policy/purposes.ts';
import { consentsFor } from '../api/asset-queries.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';

const words = TEXT.asset.consents;

type Consent = components['schemas']['Consent'];

/** What makers have said of each use, and the exact text that they saw. */
export function Consents({ cid }: { readonly cid: string }): ReactNode {
  const { data, error, refetch } = useQuery(consentsFor(cid));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.length === 0) return <p className="asked">{words.none}</p>;
  return (
    <>
      <table className="consents">
        <thead>
          <tr>
            <th scope="col">{words.use}</th>
            <th scope="col">{words.said}</th>
          </tr>
        </thead>
        <tbody>
          {PURPOSES.map((purpose) => (
            <tr key={purpose}>
              <th scope="row">{TEXT.collection.purposes[purpose]}</th>
              <td>
                <SaidOf purpose={purpose} consents={data} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.map((consent) => (
        <ShownText key={consent.id} consent={consent} />
      ))}
    </>
  );
}

function SaidOf({
  purpose,
  consents,
}: {
  readonly purpose: Purpose;
  readonly consents: readonly Consent[];
}): ReactNode {
  const said = consents.filter(({ purposes }) => purposes[purpose] !== undefined);
  if (said.length === 0) return <span className="asked">{words.nothing}</span>;
  return said.map((consent) => {
    const answer = consent.purposes[purpose];
    const ended = endOf(consent);
    return (
      <p key={consent.id}>
        {ended === undefined ? answerText(answer) : <s>{answerText(answer)}</s>}{' '}
        <span className="asked">{timeText(consent.at)}</span>{' '}
        {ended !== undefined && <span className="tag">{ended}</span>}
      </p>
    );
  });
}

function answerText(answer: Consent['purposes'][string] | undefined): string {
  if (answer === undefined || typeof answer === 'string') return words.answers[answer ?? 'deny'];
  return words.onCondition(answer.condition);
}

/** Says why a consent counts no more, or not yet. */
function endOf({ withdrawnBy, replaced, tied, until, from }: Consent): string | undefined {
  if (withdrawnBy.length > 0) return words.withdrawn;
  if (replaced) return words.replaced;
  if (!tied) return words.untied;
  if (until !== null && Date.parse(until) <= Date.now()) return words.over;
  return from !== null && Date.parse(from) > Date.now() ? words.early(timeText(from)) : undefined;
}

function ShownText({ consent }: { readonly consent: Consent }): ReactNode {
  const { at, role, capture, text, language, requesters, territories, signed, until } = consent;
  return (
    <details className="shown-text">
      <summary>{words.shown(timeText(at), words.roles[role], words.captures[capture])}</summary>
      {text === null ? (
        <p className="asked">{words.textGone}</p>
      ) : (
        <blockquote lang={language} dir="auto">
          {text}
        </blockquote>
      )}
      <p className="asked">
        {signed ? words.signed : words.recorded}{' '}
        {requesters.length > 0 && words.requesters(requesters.join(', '))}{' '}
        {territories.length > 0 && words.territories(territories.join(', '))}{' '}
        {until !== null && words.until(timeText(until))}
      </p>
    </details>
  );
}
