import * as Plot from '@observablehq/plot';
import { type ReactNode, useEffect, useRef } from 'react';
import { TEXT } from '../text/english.ts';
import type { Sample } from './watch.tsx';

const words = TEXT.partners.watch;
/** Of `.watch-chart`, on both sides together. */
const PADDING = 24;

/** Shares of what each partner is to hold that are proven, over the time watched. */
export function WatchChart({ samples }: { readonly samples: readonly Sample[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const chart = Plot.plot({
      width: place.current.clientWidth - PADDING,
      height: 220,
      marginLeft: 48,
      ariaLabel: words.chart,
      x: { type: 'time', label: null, ticks: 5 },
      y: { domain: [0, 100], label: words.axis, grid: true, ticks: 5 },
      color: { scheme: 'observable10' },
      marks: [
        Plot.lineY(samples, {
          x: 'at',
          y: shareOf,
          stroke: 'node',
          strokeWidth: 2,
          curve: 'step-after',
        }),
        Plot.text(
          samples,
          Plot.selectLast({
            x: 'at',
            y: shareOf,
            z: 'node',
            text: 'node',
            dy: -8,
            textAnchor: 'end',
          }),
        ),
        Plot.dot(samples, Plot.selectLast({ x: 'at', y: shareOf, z: 'node', fill: 'node' })),
      ],
    });
    // The policy of the pages takes no inline style; `partners-page.css` has what it says.
    for (const style of chart.querySelectorAll('style')) style.remove();
    // A picture with one name; the table beside it has its figures.
    chart.setAttribute('role', 'img');
    for (const part of chart.querySelectorAll('g')) part.removeAttribute('aria-label');
    place.current.replaceChildren(chart);
  }, [samples]);
  return <div ref={place} className="watch-chart" />;
}

function shareOf({ proven, wanted }: Sample): number {
  return wanted === 0 ? 100 : (proven / wanted) * 100;
}
