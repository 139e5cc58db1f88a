import './drawn.css';
import { type ReactNode, useEffect, useRef } from 'react';

/** Narrower than this no chart can be read; its place is scrolled then. */
const NARROWEST = 200;

/**
 * A picture of figures, drawn anew for as wide as its place becomes. The style sheet that Plot gives a chart would be
 * inline, which the policy of the pages allows nobody: it is taken out, and `drawn.css` has what it says.
 */
export function Drawn({
  draw,
  isHidden = false,
  minHeight,
}: {
  /** Width in pixels. Another function draws another picture. */
  readonly draw: (width: number) => Element;
  /** From whoever reads no charts, where a table beside it says the same. */
  readonly isHidden?: boolean;
  readonly minHeight: number;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let last = 0;
    const watcher = new ResizeObserver(([seen]) => {
      const width = Math.max(NARROWEST, Math.floor(seen?.contentRect.width ?? 0));
      if (width === last) return;
      last = width;
      const drawn = draw(width);
      for (const style of drawn.querySelectorAll('style')) style.remove();
      element.replaceChildren(drawn);
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [draw]);
  return (
    <div ref={place} className="drawn" aria-hidden={isHidden || undefined} style={{ minHeight }} />
  );
}
