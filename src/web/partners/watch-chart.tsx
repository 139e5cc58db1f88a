import * as Plot from '@observablehq/plot';
import { type ReactNode, useEffect, useRef } from 'react';
import { TEXT } from '../text/english.ts';
import type { Sample } from './samples.ts';

const words = TEXT.partners.watch.measures;
/** Of `.watch-chart`, on both sides together. */
const PADDING = 24;

/** What of a node is drawn. */
export type Measure = keyof typeof words;

/** How each node was over the time: of what it is to hold, the share that is proven; or what it lacked. */
export function WatchChart({
  samples,
  names,
  measure,
}: {
  readonly samples: readonly Sample[];
  readonly names: ReadonlyMap<string, string>;
  readonly measure: Measure;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const value = measure === 'proven' ? shareOf : ({ lacks }: Sample) => lacks;
    const node = ({ did }: Sample) => names.get(did) ?? did;
    const at = { x: 'at', y: value } as const;
    const chart = Plot.plot({
      width: place.current.clientWidth - PADDING,
      height: 220,
      marginLeft: 48,
      marginTop: 28,
      ariaLabel: words[measure].chart,
      x: { type: 'time', label: null, ticks: 5 },
      y: {
        ...(measure === 'proven' ? { domain: [0, 100] } : { zero: true, nice: true }),
        ...{ label: words[measure].axis, grid: true, ticks: 5 },
      },
      color: { scheme: 'observable10' },
      marks: [
        Plot.lineY(samples, { ...at, stroke: node, strokeWidth: 2, curve: 'step-after' }),
        Plot.text(
          samples,
          Plot.selectLast({ ...at, z: node, text: node, dy: -8, textAnchor: 'end' }),
        ),
        Plot.dot(samples, Plot.selectLast({ ...at, z: node, fill: node })),
      ],
    });
    // The policy of the pages takes no inline style; `partners-page.css` has what it says.
    for (const style of chart.querySelectorAll('style')) style.remove();
    // A picture with one name; the table beside it has its figures.
    chart.setAttribute('role', 'img');
    for (const part of chart.querySelectorAll('g')) part.removeAttribute('aria-label');
    place.current.replaceChildren(chart);
  }, [samples, names, measure]);
  return <div ref={place} className="watch-chart" />;
}

function shareOf({ proven, wanted }: Sample): number {
  return wanted === 0 ? 100 : (proven / wanted) * 100;
}
