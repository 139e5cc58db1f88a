import { useEffect, useRef } from 'react';

/** Keys that go on while they are held down: they only turn to another work. */
const REPEATING: ReadonlySet<string> = new Set(['j', 'k']);

/** Hears single keys while they are on, but not while somebody types, or holds another key down. */
export function useKeys(areOn: boolean, onKey: (key: string) => void): void {
  const newest = useRef(onKey);
  newest.current = onKey;
  useEffect(() => {
    if (!areOn) return;
    const heard = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element &&
        event.target.matches('textarea, select, input[type=text]');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      // A key that is held down is one judgement, not one for each work that comes.
      if (event.repeat && !REPEATING.has(event.key)) return;
      newest.current(event.key);
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, [areOn]);
}
