import type { ReactNode } from 'react';

/** A value in every detail; what does not fit is scrolled, by keys too. */
export function Json({
  value,
  label,
}: {
  readonly value: unknown;
  readonly label: string;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
    <section className="json" aria-label={label} tabIndex={0}>
      <pre dir="auto">{JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
