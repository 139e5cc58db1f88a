import { cidFromBytes } from '../../core/cid.ts';
import { acceptEntry, type Entry } from '../../core/entries/entry.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import { appendLeaf, leafHash } from '../../core/merkle/tree.ts';
import type { LedgerProblem } from '../../core/ports/ledger.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { positionsOf, storedStatements } from '../reading/arrivals.ts';
import { isBlock } from '../reading/verified-block.ts';
import { acceptanceContext, storedPasts } from '../ruling/archive-identity.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import { pastOver } from '../tables/pasts.ts';
import type { Position, StoredEntry } from '../tables/stored-entry.ts';
import { checkStatements } from './check-statements.ts';
import { damage, type Finding, finding, type RecomputedLog } from './recomputed-log.ts';

/** Returns what is wrong with one stored entry, given the entries before it, and counts it in. */
export async function checkEntry(
  stored: StoredEntry,
  log: RecomputedLog,
  parts: LedgerParts,
): Promise<readonly Finding[]> {
  const findings: Finding[] = checkLeaf(stored, log, parts.store);
  if (stored.cid.length !== 36 || !isBlock(cidFromBytes(stored.cid), stored.bytes)) {
    return [...findings, finding('block_corrupt', 'the bytes of the entry are not those it names')];
  }
  try {
    const { store, identity } = parts;
    const isEarlier = ({ arrival }: Position) => arrival < stored.arrival;
    const context = acceptanceContext(identity, storedPasts(parts, isEarlier));
    const entry = acceptEntry(stored.bytes, context);
    const statements = storedStatements(store, entry);
    findings.push(...checkPlace(stored, entry, log, parts));
    findings.push(...(await checkStatements(stored, entry, statements, log, parts)));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    findings.push(finding(codeOf(error), error.message));
  }
  return findings;
}

/** The Merkle tree: the nodes that this leaf completes. */
function checkLeaf(stored: StoredEntry, log: RecomputedLog, store: LedgerStore): Finding[] {
  const { frontier, completed } = appendLeaf(log.frontier, leafHash(stored.cid, sha256), sha256);
  log.frontier = frontier;
  log.rows.tree += completed.length - 1;
  return completed.slice(1).flatMap(({ level, index, hash }) => {
    const node = store.tryTreeNode(level, index);
    if (node !== undefined && equalBytes(node, hash)) return [];
    return [
      damage(`node ${level}/${index} of the Merkle tree, which it completes, is not its hash`),
    ];
  });
}

/** Columns and tables that say where the entry lies in the log. */
function checkPlace(
  stored: StoredEntry,
  entry: Entry,
  log: RecomputedLog,
  { store, ancestry, governing }: LedgerParts,
): Finding[] {
  const { arrival } = stored;
  const findings: Finding[] = [];
  const parents = positionsOf(store, entry);
  const expect = (holds: boolean, what: string) => {
    if (!holds)
      findings.push(damage(`${what} noted about it is not what follows from the entries`));
  };
  expect(stored.author === entry.identity && stored.clock === entry.clock.time, 'author or clock');
  expect(stored.run === runOf(arrival, parents, store), 'the run');
  expect(
    sameNumbers(
      store.parentsOf(arrival).map((one) => one.arrival),
      parents.map((one) => one.arrival),
    ),
    'the parents',
  );
  const past = pastOver(parents.map((parent) => governing.asParent(parent)));
  expect(store.pasts.at(stored.past).key === past.key, 'the governance entries in its past');
  log.rows.parents += parents.length;
  const isHead = !store.hasChild(arrival);
  if (isHead) log.rows.heads += 1;
  expect(store.heads.has(arrival) === isHead, 'that it is (or is not) a head');
  const tip = log.tips.get(entry.identity);
  const last = tip === undefined ? undefined : store.positionAt(tip);
  const isFork = last !== undefined && !ancestry.isAncestor(last, stored);
  if (isFork) log.rows.forks += 1;
  else log.tips.set(entry.identity, arrival);
  log.rows.tips = log.tips.size;
  expect(store.chains.forkOf(arrival) === (isFork ? tip : undefined), 'the fork');
  return findings;
}

/** The run it goes on with: its only parent's, unless an earlier arrival does already. */
function runOf(arrival: number, parents: readonly Position[], store: LedgerStore): number {
  const [parent, second] = parents;
  if (parent === undefined || second !== undefined) return arrival;
  const next = store.inRun(parent.run, parent.clock + 1);
  return next !== undefined && next < arrival ? arrival : parent.run;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  const sorted = [...b].sort((x, y) => x - y);
  return a.length === b.length && [...a].sort((x, y) => x - y).every((n, i) => n === sorted[i]);
}

function codeOf(error: ArchiveError): LedgerProblem['code'] {
  switch (error.code) {
    case 'entry_rejected':
    case 'block_missing':
    case 'block_corrupt':
      return error.code;
    default:
      return 'home_corrupt';
  }
}
