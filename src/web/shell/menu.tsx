import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { TEXT } from '../text/english.ts';
import { SECTIONS } from './sections.ts';
import { ThemeChoice } from './theme-choice.tsx';

/** The main pages and the colours: in a row where there is room, else behind a button. */
export function Menu({ path }: { readonly path: string }): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone elsewhere is done with it
  useEffect(() => {
    if (menu.current?.matches(':popover-open')) menu.current.hidePopover();
  }, [path]);
  return (
    <>
      <button type="button" className="control menu-button" popoverTarget="menu">
        {TEXT.menu}
      </button>
      <div id="menu" ref={menu} popover="auto">
        <nav aria-label={TEXT.navigation}>
          {SECTIONS.map(({ to, label }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
              {label}
            </Link>
          ))}
        </nav>
        <ThemeChoice />
      </div>
    </>
  );
}
