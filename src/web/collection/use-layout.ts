import { type RefObject, useLayoutEffect, useState } from 'react';

/** In units of the page's letters: the narrowest tile, what stands below its picture, what is between tiles, and a row. */
const REM = { tile: 10.5, words: 7.2, gap: 1, row: 4.25 } as const;

export interface Layout {
  readonly columns: number;
  /** All in pixels. */
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  /** Where the list begins on the page. */
  readonly top: number;
}

/** Says how works are laid out in a list that is as wide as it is now. */
export function useLayout(list: RefObject<HTMLElement | null>, isList: boolean): Layout {
  const [layout, setLayout] = useState<Layout>({
    columns: 1,
    width: 0,
    height: 68,
    gap: 0,
    top: 0,
  });
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const top = element.getBoundingClientRect().top + scrollY;
      const all = element.clientWidth;
      if (isList) {
        setLayout({ columns: 1, width: all, height: REM.row * rem, gap: 0, top });
        return;
      }
      const gap = REM.gap * rem;
      const columns = Math.max(2, Math.floor((all + gap) / (REM.tile * rem + gap)));
      const width = (all - gap * (columns - 1)) / columns;
      setLayout({ columns, width, height: width + REM.words * rem + gap, gap, top });
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    watcher.observe(document.body);
    measure();
    return () => watcher.disconnect();
  }, [list, isList]);
  return layout;
}
