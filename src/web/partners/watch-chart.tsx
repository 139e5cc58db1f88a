import * as Plot from '@observablehq/plot';
import { type ReactNode, useCallback } from 'react';
import { Drawn } from '../parts/drawn.tsx';
import { TEXT } from '../text/english.ts';
import type { Sample } from './samples.ts';

const words = TEXT.partners.watch.measures;
const HEIGHT = 220;
const SHORTEST_MS = 3_600_000;

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
  const draw = useCallback(
    (width: number) => drawn(samples, names, measure, width),
    [samples, names, measure],
  );
  return (
    <div className="watch-chart">
      <Drawn draw={draw} minHeight={HEIGHT} />
    </div>
  );
}

function drawn(
  samples: readonly Sample[],
  names: ReadonlyMap<string, string>,
  measure: Measure,
  width: number,
): Element {
  const value = measure === 'proven' ? shareOf : ({ lacks }: Sample) => lacks;
  const node = ({ did }: Sample) => names.get(did) ?? did;
  const at = { x: 'at', y: value } as const;
  const chart = Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 48,
    marginTop: 28,
    ariaLabel: words[measure].chart,
    x: { type: 'time', domain: timeOf(samples), label: null, ticks: width < 500 ? 3 : 5 },
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
  // A picture with one name; the table beside it has its figures.
  chart.setAttribute('role', 'img');
  for (const part of chart.querySelectorAll('g')) part.removeAttribute('aria-label');
  return chart;
}

/** From the first sample to the last; of less than an hour a whole one, since nobody reads parts of seconds. */
function timeOf(samples: readonly Sample[]): readonly Date[] {
  const times = samples.map(({ at }) => at.getTime());
  const last = times.at(-1) ?? Date.now();
  return [new Date(Math.min(times[0] ?? last, last - SHORTEST_MS)), new Date(last)];
}

function shareOf({ proven, wanted }: Sample): number {
  return wanted === 0 ? 100 : (proven / wanted) * 100;
}
