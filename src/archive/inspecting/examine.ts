import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Contradiction } from '../../core/ports/known-feeds.ts';
import { StateDigest } from '../../core/provenance/state-digest.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { type Finding, Findings } from './findings.ts';
import { OlderFindings } from './older-findings.ts';

export interface Examination {
  readonly name: string;
  readonly address: string;
  readonly charter: Cid;
  /** The home's key, which is the member it acts as. */
  readonly did: Did;
  readonly organisation: string;
  readonly entries: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly packs: number;
  /** The same on every node that holds the same entries: over the statements that stand. */
  readonly stateDigest: string;
  /** Where other nodes reach this one; none while it does not run. */
  readonly addresses: readonly string[];
  /** The first hundred of each kind, in the order of the log. */
  readonly findings: readonly Finding[];
  /** How many more there are, by kind; empty if all are listed. */
  readonly unlisted: Partial<Record<Finding['kind'], number>>;
}

const SAID: Readonly<Record<Contradiction['sort'], string>> = {
  rewritten:
    'has signed two histories of its log that cannot both be true; nothing is taken from it',
  'copied-key': 'goes on with two logs at once: its key is in use in two places',
};

/** Nothing else has what the ledger says, so nothing here mends it. */
const MENDING =
  'run "ringfence verify" for all that is wrong, and restore the home from a backup: ' +
  '"ringfence restore --from BACKUP --home NEW"';

/**
 * Looks through the ledger for what counts for nothing, what a newer program wrote, and keys that
 * were used in two places, what peers did wrong, what this home cannot take, and what the stewards have to
 * settle; and tells what packs lack, and whether the file of the ledger is damaged. Reads every entry; changes nothing.
 */
export async function examine(
  {
    ledger,
    content,
    feeds,
    sha256,
    neighbours,
    replica,
    inspectors,
  }: Pick<
    Archive,
    'ledger' | 'content' | 'feeds' | 'sha256' | 'neighbours' | 'replica' | 'inspectors'
  >,
  signal?: AbortSignal,
): Promise<Examination> {
  const findings = new Findings();
  for (const { subject, text } of content.damage) findings.add({ kind: 'damage', subject, text });
  for await (const { subject, text } of ledger.fileDamage()) {
    findings.add({ kind: 'damage', subject, text: `${text}; ${MENDING}` });
    break;
  }
  const forks = Map.groupBy(ledger.forks(), ({ author }) => author);
  for (const [author, [first, ...others]] of forks) {
    const pair = first?.entries.join(' and ');
    const more = others.length === 0 ? '' : ` (and ${others.length} such pairs more)`;
    const text = `wrote ${pair} side by side${more}: the key is in use in two places`;
    findings.add({ kind: 'fork', subject: author, text });
  }
  for (const { kind, subject, text } of ledger.governance().conflicts) {
    findings.add({ kind, subject, text });
  }
  for (const { peer, sort, notes, settled } of feeds.contradictions()) {
    if (!settled) findings.add({ kind: 'contradiction', subject: peer, text: SAID[sort], notes });
  }
  for (const { peer, count, reason } of feeds.skips()) {
    const text = `its log holds ${count} entries that no node accepts: ${reason}`;
    findings.add({ kind: 'skipped', subject: peer, text });
  }
  for (const { from, code, text, count } of neighbours.complaints().toReversed()) {
    if (code === 'peer_unreachable') continue;
    const times = count === 1 ? '' : `, ${count} times`;
    findings.add({ kind: 'peer', subject: from, text: `${text} [${code}${times}]` });
  }
  for (const { peer, code, text } of neighbours.troubles()) {
    // What the peer itself does wrong is told above.
    if (code.startsWith('peer_')) continue;
    findings.add({
      kind: 'behind',
      subject: peer,
      text: `its log is not taken: ${text} [${code}]`,
    });
  }
  if (replica?.lastPass?.report.halted === 'disk-full') {
    findings.add({
      kind: 'behind',
      subject: ledger.self.did,
      text: 'no bytes are fetched: the disk of its packs is all but full; make room, or set a budget',
    });
  }
  if (ledger.size() > 0 && ledger.memberOf(ledger.self.did) === undefined) {
    findings.add({
      kind: 'no-member',
      subject: ledger.self.did,
      text: 'the key of this home is no member’s: it reads what it has and writes nothing, until a steward grants it a role',
    });
  }
  if (ledger.isWaiting) {
    findings.add({
      kind: 'waiting',
      subject: ledger.self.did,
      text: 'this home was restored and appends nothing before it has reached a partner (or: restore --alone)',
    });
  }
  const digest = new StateDigest(sha256);
  const older = new OlderFindings(inspectors.versions);
  const turn = takeTurns();
  for await (const arrival of ledger.arrivals(0)) {
    signal?.throwIfAborted();
    digest.add(arrival);
    await turn();
    older.add(arrival);
    const { void: nothing, unknown } = arrival;
    for (const { id, kind, reason } of nothing) {
      findings.add({
        kind: 'void',
        subject: id,
        text: `this ${kind} counts for nothing: ${reason}`,
      });
    }
    for (const { id, kind } of unknown) {
      findings.add({
        kind: 'unknown',
        subject: id,
        text: `a ${kind} that this version does not know; what it names is ineligible until you upgrade`,
      });
    }
  }
  if (older.hasOlder) {
    for await (const arrival of ledger.arrivals(0)) {
      signal?.throwIfAborted();
      older.settle(arrival);
    }
  }
  for (const { inspector, version, assets } of older.outdated()) {
    const what =
      assets === undefined ? 'it has looked at nothing yet' : `an older one saw ${assets} assets`;
    const text = `${what}, and version ${version} may see more: run "ringfence reinspect --all"`;
    findings.add({ kind: 'outdated', subject: inspector, text });
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
    addresses: neighbours.addresses,
    findings: findings.listed,
    unlisted: findings.unlisted(),
  };
}
