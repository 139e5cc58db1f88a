import { type ReactNode, useState } from 'react';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';

const STEP = 100;

/** A long list behind its number: so much of it as is asked for, so that thousands stall no page. */
export function Leftover<Item>({
  title,
  items,
  isOpen = false,
  children,
}: {
  readonly title: string;
  readonly items: readonly Item[];
  readonly isOpen?: boolean;
  readonly children: (item: Item) => ReactNode;
}): ReactNode {
  const [shown, setShown] = useState(STEP);
  if (items.length === 0) return null;
  return (
    <details className="leftover" open={isOpen}>
      <summary>
        {title} <span className="figure">{countText(items.length)}</span>
      </summary>
      <ul>{items.slice(0, shown).map(children)}</ul>
      {items.length > shown && (
        <button type="button" className="control" onClick={() => setShown(shown + STEP)}>
          {TEXT.collection.more}
        </button>
      )}
    </details>
  );
}
