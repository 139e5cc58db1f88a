import { barX, plot, text } from '@observablehq/plot';
import { type ReactNode, useCallback } from 'react';
import { Drawn } from '../parts/drawn.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';

export interface Bar {
  readonly name: string;
  readonly assets: number;
}

const words = TEXT.releases.composition;
const ROW = 26;
const MOST_LETTERS = 22;

/** How assets are distributed: a chart to look at, and the same as a table. */
export function Bars({
  title,
  bars,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
}): ReactNode {
  const draw = useCallback((width: number) => drawn(bars, width), [bars]);
  if (bars.length === 0) return null;
  return (
    <section className="bars">
      <h3>{title}</h3>
      <Drawn draw={draw} isHidden minHeight={heightOf(bars)} />
      <details>
        <summary>
          {words.asTable}
          <span className="hidden"> {title}</span>
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{title}</th>
              <th scope="col">{words.assets}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ name, assets }) => (
              <tr key={name}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                <td>{countText(assets)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function heightOf(bars: readonly Bar[]): number {
  return bars.length * ROW + 8;
}

function drawn(bars: readonly Bar[], width: number): Element {
  const rows = bars.map(({ name, assets }) => ({ name, assets, said: countText(assets) }));
  return plot({
    width,
    height: heightOf(bars),
    marginLeft: 150,
    marginRight: 46,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null },
    y: {
      label: null,
      domain: rows.map(({ name }) => name),
      tickSize: 0,
      tickFormat: (name: string) =>
        name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name,
    },
    marks: [
      barX(rows, { x: 'assets', y: 'name', fill: 'var(--accent)', insetTop: 3, insetBottom: 3 }),
      text(rows, { x: 'assets', y: 'name', text: 'said', textAnchor: 'start', dx: 5 }),
    ],
  });
}
