import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';

/** What is around every page for makers but the first: the way back, and what it is called. */
export function MakerPage({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="page maker-page">
      <p>
        <Link to="/makers">← {TEXT.makers.back}</Link>
      </p>
      <h1 dir="auto">{title}</h1>
      {children}
    </div>
  );
}
