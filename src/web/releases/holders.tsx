import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { holdersOf } from './release-queries.ts';

const words = TEXT.releases.holders;

/** Who has pulled the release, and at which revision. */
export function Holders({ release }: { readonly release: string }): ReactNode {
  const { data } = useQuery(holdersOf(release));
  if (data === undefined) return null;
  return (
    <section className="block">
      <h2>{words.title(countText(data.length))}</h2>
      <p className="soft">{data.length === 0 ? words.none : words.more}</p>
      {data.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <section className="table-scroll" tabIndex={0} aria-label={words.label}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.puller}</th>
                <th scope="col">{words.revision}</th>
                <th scope="col">{words.at}</th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ id, puller, revision, at }) => (
                <tr key={id}>
                  <th scope="row">
                    <code>{puller}</code>
                  </th>
                  <td>{countText(revision)}</td>
                  <td>
                    <time dateTime={at}>{timeText(at)}</time>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
