import type { LogLevel } from '../archive/log-level.ts';
import { countOf } from './printable.ts';

/** Returns for people how far another node's log and this home's are apart. */
export function levelText(level: LogLevel | null): string {
  if (level === null) return 'its log was never seen';
  const { toTake, toGive } = level;
  const parts = [
    ...(toTake > 0 ? [`${countOf(toTake, 'entry', 'entries')} to take`] : []),
    ...(toGive > 0 ? [`${countOf(toGive, 'entry', 'entries')} to give`] : []),
  ];
  return parts.length === 0 ? 'level' : parts.join(', ');
}
