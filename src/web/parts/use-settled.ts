import { useEffect, useState } from 'react';

const WAIT_MS = 400;

/** Returns what was last chosen, once nobody has typed for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), WAIT_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
