import { useEffect, useRef } from 'react';

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
      newest.current(event.key);
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, [areOn]);
}
