import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import type { NodeCopies } from './partner-queries.ts';

const words = TEXT.partners.map;
const WIDTH = 100;

/** How much of what is wanted is proven, here without proof, and not known to be here; figures stand beside it. */
export function CopiesBar({
  copies: { wanted, held, proven, lost },
}: {
  readonly copies: Pick<NodeCopies, 'wanted' | 'held' | 'proven' | 'lost'>;
}): ReactNode {
  if (wanted === 0) return <span className="copies-none">{words.nothing}</span>;
  const share = (count: number) => (count / wanted) * WIDTH;
  const parts = [
    { name: 'proven', from: 0, width: share(proven) },
    { name: 'held', from: share(proven), width: Math.max(0, share((held ?? 0) - proven)) },
    { name: 'lost', from: WIDTH - share(lost), width: share(lost) },
  ];
  return (
    <svg
      className="copies-bar"
      viewBox={`0 0 ${WIDTH} 8`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect className="copies-bar-wanted" width={WIDTH} height="8" />
      {parts.map(({ name, from, width }) => (
        <rect key={name} className={`copies-bar-${name}`} x={from} width={width} height="8" />
      ))}
    </svg>
  );
}
