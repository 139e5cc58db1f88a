import { type ReactNode, useEffect, useState } from 'react';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { nodeName } from './node-words.tsx';
import type { NodeCopies } from './partner-queries.ts';
import { WatchChart } from './watch-chart.tsx';

const words = TEXT.partners.watch;

/** What was seen of one node at one moment. */
export interface Sample {
  readonly at: Date;
  readonly node: string;
  readonly wanted: number;
  readonly proven: number;
  /** Entries of the log that it lacks; null before its first word. */
  readonly lacks: number | null;
}

/** More than anybody looks at; the oldest go first. */
const MOST = 2000;

/** What was seen since the pages were opened: the node itself keeps no history of it. */
let seen: readonly Sample[] = [];

/** How partners have come along since the pages were opened, as a chart and as a table. */
export function Watch({ nodes }: { readonly nodes: readonly NodeCopies[] }): ReactNode {
  const [samples, setSamples] = useState(seen);
  useEffect(() => {
    const at = new Date();
    const now = nodes
      .filter(({ isThisHome }) => !isThisHome)
      .map((node) => ({
        ...{ at, node: nodeName(node), wanted: node.wanted, proven: node.proven },
        lacks: node.level?.toGive ?? null,
      }));
    seen = [...seen, ...now].slice(-MOST);
    setSamples(seen);
  }, [nodes]);
  const changes = samples.filter((one, place) => isChange(one, samples.slice(0, place)));
  return (
    <div className="watch">
      <h3>{words.title}</h3>
      <p className="partners-note">{words.note}</p>
      <WatchChart samples={samples} />
      <details>
        <summary>{words.asTable}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too */}
        <section className="partners-scroll" aria-label={words.asTable} tabIndex={0}>
          <table className="copies">
            <thead className="copies-head">
              <tr>
                {[words.at, words.node, words.lacks, words.proven, words.wanted].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changes.map(({ at, node, wanted, proven, lacks }) => (
                <tr key={`${at.getTime()} ${node}`}>
                  <td>{timeText(at.toISOString())}</td>
                  <td dir="auto">{node}</td>
                  <td>{lacks === null ? words.unknown : countText(lacks)}</td>
                  <td>{countText(proven)}</td>
                  <td>{countText(wanted)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </div>
  );
}

/** Whether something is otherwise than it was seen last. */
function isChange(one: Sample, before: readonly Sample[]): boolean {
  const last = before.findLast(({ node }) => node === one.node);
  return (
    last === undefined ||
    last.proven !== one.proven ||
    last.wanted !== one.wanted ||
    last.lacks !== one.lacks
  );
}
