import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** A part of the page, which is made, and asked for, when it comes near. */
export function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  const part = useRef<HTMLElement>(null);
  const id = useId();
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (part.current === null || isNear) return;
    const watcher = new IntersectionObserver(([seen]) => seen?.isIntersecting && setNear(true), {
      rootMargin: '600px',
    });
    watcher.observe(part.current);
    return () => watcher.disconnect();
  }, [isNear]);
  return (
    <section ref={part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {isNear && children}
    </section>
  );
}
