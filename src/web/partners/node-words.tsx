import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import type { NodeCopies } from './partner-queries.ts';

const words = TEXT.partners;

/** Returns what a node is called: by its name, else by the end of its key. */
export function nodeName({ name, did, isThisHome }: NodeCopies): string {
  if (isThisHome) return words.thisHome;
  return name || keyText(did);
}

/** Keys differ at their end. */
export function keyText(did: string): string {
  return `…${did.slice(-8)}`;
}

/** Whether a node is there, and how far its log and this home's are apart. */
export function Contact({ node }: { readonly node: NodeCopies }): ReactNode {
  const { isThisHome, connected, lastContact, level, replica } = node;
  const where = isThisHome
    ? words.here
    : connected
      ? words.connected
      : lastContact === null
        ? words.never
        : words.gone(timeText(lastContact));
  return (
    <span className="contact">
      <span className={connected || isThisHome ? 'dot dot-on' : 'dot'} aria-hidden="true" />
      {where}
      {!isThisHome && `, ${levelText(level)}`}
      {'. '}
      {words.policies[replica] ?? words.policyOf(replica)}
    </span>
  );
}

export function levelText(level: NodeCopies['level']): string {
  if (level === null) return words.level.unknown;
  const { toGive, toTake } = level;
  if (toGive === 0 && toTake === 0) return words.level.same;
  return [
    toGive > 0 ? words.level.behind(countText(toGive)) : [],
    toTake > 0 ? words.level.ahead(countText(toTake)) : [],
  ]
    .flat()
    .join(', ');
}
