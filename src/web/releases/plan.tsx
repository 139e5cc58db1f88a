import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { TEXT } from '../text/english.ts';
import { countText, sizeText } from '../text/figures.ts';
import { CompositionCharts } from './composition.tsx';
import { planOf } from './release-queries.ts';
import type { Selection } from './selection.ts';

const words = TEXT.releases.plan;

/** What a selection would give, as it is typed; nothing is written. */
export function Plan({ selection }: { readonly selection: Selection }): ReactNode {
  const asked = useSettled(selection);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...planOf(asked),
    placeholderData: keepPreviousData,
  });
  if (error instanceof Refusal && error.code === 'release_empty') {
    return <Empty title={words.noneTitle}>{words.none}</Empty>;
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { counts, makers, configs, decades, leftOut, splits, largestShare } = data;
  const left = leftOut.reduce((sum, { assets }) => sum + assets, 0);
  return (
    <div className="plan" aria-busy={isPlaceholderData || asked !== selection}>
      <h2>{words.title}</h2>
      <p role="status" className="plan-count">
        {words.count(countText(counts.assets), sizeText(counts.bytes))}
      </p>
      <p className="soft">
        {words.makers(countText(counts.makers), countText(counts.unnamed), percent(largestShare))}
        {splits.validation && ` ${words.split(countText(splits.validation.assets))}`}
      </p>
      <CompositionCharts {...{ ...counts, configs, makers, decades }} />
      <section className="left-out">
        <h3>{words.leftOut(countText(left))}</h3>
        {left > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">{words.rule}</th>
                <th scope="col">{TEXT.releases.composition.assets}</th>
              </tr>
            </thead>
            <tbody>
              {leftOut.map(({ rule, code, assets }) => (
                <tr key={`${rule} ${code}`}>
                  <th scope="row">
                    {words.rules[rule] ?? rule} <code>{`${rule} ${code}`}</code>
                  </th>
                  <td>{countText(assets)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}

function percent(share: number): string {
  return new Intl.NumberFormat('en-GB', { style: 'percent' }).format(share);
}
