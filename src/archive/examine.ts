import type { Conflict } from '../core/entries/governance/view.ts';
import type { Contradiction } from '../core/ports/known-feeds.ts';
import { StateDigest } from '../core/provenance/state-digest.ts';
import type { Archive } from './archive.ts';

/** Something in the ledger that an operator should know of. */
export interface Finding {
  readonly kind: 'void' | 'unknown' | 'fork' | 'contradiction' | 'waiting' | Conflict['kind'];
  /** The statement, or the member whose entries fork. */
  readonly subject: string;
  readonly text: string;
  /** Of a contradiction: the two notes that the key has signed. */
  readonly notes?: readonly [string, string];
}

export interface Examination {
  readonly name: string;
  readonly address: string;
  readonly charter: string;
  /** The home's key, which is the member it acts as. */
  readonly did: string;
  readonly organisation: string;
  readonly entries: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly packs: number;
  /** The same on every node that holds the same entries: over the statements that stand. */
  readonly stateDigest: string;
  /** Where other nodes reach this one; none while it does not run. */
  readonly addresses: readonly string[];
  readonly findings: readonly Finding[];
}

const SAID: Readonly<Record<Contradiction['sort'], string>> = {
  rewritten:
    'has signed two histories of its log that cannot both be true; nothing is taken from it',
  'copied-key': 'goes on with two logs at once: its key is in use in two places',
};

/**
 * Looks through the ledger for what counts for nothing, what a newer program wrote, and keys that
 * were used in two places, and what the stewards have to settle. Reads every entry; changes nothing.
 */
export async function examine(
  { ledger, content, feeds, sha256 }: Pick<Archive, 'ledger' | 'content' | 'feeds' | 'sha256'>,
  signal?: AbortSignal,
): Promise<Examination> {
  const findings: Finding[] = ledger.forks().map(({ author, entries }) => ({
    kind: 'fork',
    subject: author,
    text: `wrote ${entries.join(' and ')} side by side: the key is in use in two places`,
  }));
  for (const { kind, subject, text } of ledger.governance().conflicts) {
    findings.push({ kind, subject, text });
  }
  for (const { peer, sort, notes, settled } of feeds.contradictions()) {
    if (!settled) findings.push({ kind: 'contradiction', subject: peer, text: SAID[sort], notes });
  }
  if (ledger.isWaiting) {
    findings.push({
      kind: 'waiting',
      subject: ledger.self.did,
      text: 'this home was restored and appends nothing before it has reached a partner (or: restore --alone)',
    });
  }
  const digest = new StateDigest(sha256);
  for await (const arrival of ledger.arrivals(0)) {
    signal?.throwIfAborted();
    digest.add(arrival);
    const { void: nothing, unknown } = arrival;
    for (const { id, kind, reason } of nothing) {
      findings.push({
        kind: 'void',
        subject: id,
        text: `this ${kind} counts for nothing: ${reason}`,
      });
    }
    for (const { id, kind } of unknown) {
      findings.push({
        kind: 'unknown',
        subject: id,
        text: `a ${kind} that this version does not know; what it names is ineligible until you upgrade`,
      });
    }
  }
  const { blocks, bytes, packs } = await content.stats();
  return {
    name: ledger.charter.name,
    address: ledger.address,
    charter: ledger.charterCid,
    did: ledger.self.did,
    organisation: ledger.self.organisation,
    entries: ledger.size(),
    blocks,
    bytes,
    packs,
    stateDigest: digest.toString(),
    addresses: [],
    findings,
  };
}
