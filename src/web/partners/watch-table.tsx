import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { changesIn, type Sample } from './samples.ts';

const words = TEXT.partners.watch;

/** Rows that are shown, the newest: a table of thousands is read by nobody, and `replicate history` has all. */
const ROWS = 200;

/** How partners have been, row by row where something changed, the newest first. */
export function WatchTable({
  samples,
  names,
}: {
  readonly samples: readonly Sample[];
  readonly names: ReadonlyMap<string, string>;
}): ReactNode {
  const rows = changesIn(samples).slice(-ROWS).reverse();
  return (
    <details>
      <summary>{words.asTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too */}
      <section className="partners-scroll watch-table" aria-label={words.asTable} tabIndex={0}>
        <table className="copies">
          <thead className="copies-head">
            <tr>
              {[words.at, words.node, words.contact, words.lacks, words.proven, words.wanted].map(
                (head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, did, wanted, proven, lacks, isConnected }) => (
              <tr key={`${at.getTime()} ${did}`}>
                <td>{timeText(at.toISOString())}</td>
                <td dir="auto">{names.get(did)}</td>
                <td>{words.isConnected[isConnected ? 'true' : 'false']}</td>
                <td>{lacks === null ? words.unknown : countText(lacks)}</td>
                <td>{countText(proven)}</td>
                <td>{countText(wanted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
