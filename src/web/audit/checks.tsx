import type { ReactNode } from 'react';

/** What was checked in this browser, point by point. */
export function Checks({ children }: { readonly children: ReactNode }): ReactNode {
  return <ul className="rows checks">{children}</ul>;
}

/** One point: it holds, or there is nothing to hold yet; `names` are what it was checked against. */
export function Check({
  holds = false,
  title,
  names = [],
  children,
}: {
  readonly holds?: boolean;
  readonly title: string;
  readonly names?: readonly (readonly [string, string])[];
  readonly children: ReactNode;
}): ReactNode {
  return (
    <li className="check">
      <span className={holds ? 'check-mark check-holds' : 'check-mark'} aria-hidden="true">
        {holds ? '✓' : '–'}
      </span>
      <div>
        <p className="check-title">{title}</p>
        <p className="check-text">{children}</p>
        {names.map(([label, name]) => (
          <p key={name} className="check-name">
            <span dir="auto">{label}</span> <code>{name}</code>
          </p>
        ))}
      </div>
    </li>
  );
}
