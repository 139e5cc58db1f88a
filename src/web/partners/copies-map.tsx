import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { CopiesBar } from './copies-bar.tsx';
import { Contact, nodeName } from './node-words.tsx';
import type { NodeCopies } from './partner-queries.ts';

const words = TEXT.partners.map;

/** Who is to hold what, and does: a row for each node, and one for each collection that it is to hold. */
export function CopiesMap({ nodes }: { readonly nodes: readonly NodeCopies[] }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
    <section className="partners-scroll" aria-label={words.caption} tabIndex={0}>
      <table className="copies">
        <caption className="hidden">{words.caption}</caption>
        <thead className="copies-head">
          <tr>
            <th scope="col">{words.node}</th>
            <th scope="col" className="copies-figure">
              {words.wanted}
            </th>
            <th scope="col" className="copies-figure">
              {words.held}
            </th>
            <th scope="col" className="copies-figure">
              {words.proven}
            </th>
          </tr>
        </thead>
        {nodes.map((node) => (
          <tbody key={node.did}>
            <Row copies={node} className="copies-node">
              <span dir="auto" className="copies-name">
                {nodeName(node)}
              </span>
              <Contact node={node} />
            </Row>
            {node.collections.length > 1 &&
              node.collections.map((one) => (
                <Row key={one.collection} copies={one} className="copies-collection">
                  <span dir="auto">{one.name || one.collection.slice(0, 12)}</span>
                </Row>
              ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

type Copies = Pick<NodeCopies, 'wanted' | 'held' | 'proven' | 'lost'>;

function Row({
  copies,
  className,
  children,
}: {
  readonly copies: Copies;
  readonly className: string;
  readonly children: ReactNode;
}): ReactNode {
  const { wanted, held, proven, lost } = copies;
  return (
    <tr className={className}>
      <th scope="row">
        {children}
        <CopiesBar copies={copies} />
        {lost > 0 && <strong className="copies-lost">{words.lost(countText(lost))}</strong>}
      </th>
      <td className="copies-figure">{countText(wanted)}</td>
      <td className="copies-figure">{held === null ? words.notTold : countText(held)}</td>
      <td className="copies-figure">{countText(proven)}</td>
    </tr>
  );
}
