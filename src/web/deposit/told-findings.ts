import { TEXT } from '../text/english.ts';
import type { TakenAsset } from './take-sent.ts';

const words = TEXT.deposit.told;

/** Returns what there is to tell of a file that was just taken in, the most pressing first. */
export function findingsIn({ mediaType, findings, events }: TakenAsset): readonly string[] {
  const told = events.flatMap((event) => {
    if (event.event === 'quarantined') return words.quarantined[event.reason];
    if (event.event === 'match') return words.held;
    if (event.event === 'failed' || event.event === 'warning') return event.text;
    return [];
  });
  const names: Readonly<Record<string, string>> = words.inspectors;
  const found = findings.flatMap(({ inspector, outcome }) => {
    if (outcome === 'unreadable') return words.unreadable(names[inspector] ?? inspector);
    return outcome === 'found' ? (names[inspector] ?? []) : [];
  });
  return [...new Set([...told, mediaType, ...found])];
}
