import type { ReactNode } from 'react';

/** What does not hold, said so that nobody passes over it. */
export function Alarm({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="alarm" role="alert">
      <p className="alarm-title">{title}</p>
      <p dir="auto">{text}</p>
      {children}
    </div>
  );
}
