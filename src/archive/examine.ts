import type { Conflict } from '../core/entries/governance/view.ts';
import { StateDigest } from '../core/provenance/state-digest.ts';
import type { Archive } from './archive.ts';

/** Something in the ledger that an operator should know of. */
export interface Finding {
  readonly kind: 'void' | 'unknown' | 'fork' | Conflict['kind'];
  /** The statement, or the member whose entries fork. */
  readonly subject: string;
  readonly text: string;
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

/**
 * Looks through the ledger for what counts for nothing, what a newer program wrote, and keys that
 * were used in two places, and what the stewards have to settle. Reads every entry; changes nothing.
 */
export async function examine(
  { ledger, content, sha256 }: Pick<Archive, 'ledger' | 'content' | 'sha256'>,
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
