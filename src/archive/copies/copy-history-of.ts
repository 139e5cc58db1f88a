import type { Did } from '../../core/entries/did-key.ts';
import type { CopySample } from '../../core/ports/copy-history.ts';
import type { Archive } from '../archive.ts';
import { memberName } from '../member-name.ts';
import { timestampOf } from '../now.ts';

/** How one other node stood from time to time. */
export interface NodeHistory {
  readonly did: Did;
  /** Empty where it is not known, as of whoever is a member no more. */
  readonly name: string;
  /** The oldest first. */
  readonly samples: readonly Omit<CopySample, 'did'>[];
}

const DAY_MS = 86_400_000;

/** Returns what this home remembers of how the others stood over so many days, the node first seen first. */
export function copyHistoryOf(
  days: number,
  { copyHistory, ledger, clock }: Pick<Archive, 'copyHistory' | 'ledger' | 'clock'>,
): readonly NodeHistory[] {
  const from = timestampOf(() => clock() - days * DAY_MS);
  const nodes = new Map<Did, Omit<CopySample, 'did'>[]>();
  for (const { did, ...sample } of copyHistory.read()) {
    if (sample.at < from) continue;
    const samples = nodes.get(did);
    if (samples === undefined) nodes.set(did, [sample]);
    else samples.push(sample);
  }
  return [...nodes].map(([did, samples]) => ({
    did,
    name: memberName(ledger.memberOf(did)?.id ?? did, ledger),
    samples,
  }));
}
