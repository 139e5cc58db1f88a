import { cidFromBytes, cidToBytes } from '../../core/cid.ts';
import { batchOf, callsForCheckpoint } from '../../core/entries/body.ts';
import type { Entry } from '../../core/entries/entry.ts';
import { judgeAll } from '../../core/entries/judge.ts';
import { openCheckpoint } from '../../core/entries/note.ts';
import { companionsOf, recordsErasedBy, recordsOf } from '../../core/entries/references.ts';
import { equalBytes } from '../../core/hash.ts';
import { readStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { rootAt } from '../checkpoints/arrival-tree.ts';
import { isCheckpointOf } from '../checkpoints/own-checkpoint.ts';
import { verifySignature } from '../keys/verify-signature.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { positionsOf } from '../reading/arrivals.ts';
import { rulingOf } from '../ruling/ruling-of.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { StoredEntry } from '../tables/stored-entry.ts';
import { signersOf } from '../writing/write-entry.ts';
import { damage, type Finding, finding, type RecomputedLog } from './recomputed-log.ts';

/** Returns what is wrong with the statements of a stored entry and with what is noted about them. */
export async function checkStatements(
  stored: StoredEntry,
  entry: Entry,
  statements: readonly StatementOutline[],
  log: RecomputedLog,
  parts: LedgerParts,
): Promise<Finding[]> {
  const { store } = parts;
  const isOwn = entry.identity === parts.tree.did;
  const matters = callsForCheckpoint(statements) ? 1 : 0;
  const findings: Finding[] = [];
  const turn = takeTurns();
  for (const outline of statements) {
    findings.push(...checkNamed(outline, isOwn, store));
    await turn();
  }
  findings.push(...checkMissing(stored.arrival, statements, log, store));
  findings.push(...checkErasures(stored.arrival, statements, log, store));
  if (stored.statements !== statements.length || stored.matters !== matters) {
    findings.push(damage('the number or weight noted about it is not that of its statements'));
  }
  const [only] = statements;
  const checkpoint = isCheckpointOf(parts.tree, entry.identity, statements) ? only : undefined;
  if (checkpoint !== undefined) {
    log.rows.checkpoints += 1;
    findings.push(...checkOwnTree(stored.arrival, checkpoint, parts));
  }
  if (store.checkpoints.has(stored.arrival) !== (checkpoint !== undefined)) {
    findings.push(damage('it is noted wrongly whether it is a checkpoint of this home'));
  }
  const isInline = batchOf(entry) === undefined;
  if (isInline || statements.some((outline) => outline.signed !== undefined)) {
    findings.push(...checkNoted(stored, entry, statements, log, parts));
  } else if (stored.rule !== null) {
    findings.push(damage('it is noted as governance and is none'));
  }
  return findings;
}

/** What belongs to the entry must be here; of records, those that this home has made. */
function checkNamed(outline: StatementOutline, isOwn: boolean, store: LedgerStore): Finding[] {
  const blocks = companionsOf(outline)
    .filter((cid) => store.block(cid) === undefined)
    .map((cid) => finding('block_missing', `block ${cid}, which belongs to it, is missing`));
  const records = (isOwn ? recordsOf(outline) : [])
    .filter((cid) => !store.records.holds(cid) && !store.erasures.hides(cidToBytes(cid)))
    .map((cid) => finding('block_missing', `record ${cid}, which it names, is missing`));
  return [...blocks, ...records];
}

/** Records that are not here must be noted as missing, so that they can be fetched. */
function checkMissing(
  arrival: number,
  statements: readonly StatementOutline[],
  log: RecomputedLog,
  store: LedgerStore,
): Finding[] {
  const missing = new Set(statements.flatMap(recordsOf).filter((cid) => !store.records.holds(cid)));
  if (missing.size === 0) return [];
  log.rows.missing_records += missing.size;
  const noted = new Set(store.missing.at(arrival).map(cidFromBytes));
  if (noted.size === missing.size && [...missing].every((cid) => noted.has(cid))) return [];
  return [damage('a record that is not here is not noted as missing')];
}

/** What it erases must be noted. */
function checkErasures(
  arrival: number,
  statements: readonly StatementOutline[],
  log: RecomputedLog,
  { erasures }: LedgerStore,
): Finding[] {
  return statements.flatMap((outline, place) =>
    recordsErasedBy(outline).flatMap((cid) => {
      log.rows.erasures += 1;
      const isNoted = erasures.has({ record: cidToBytes(cid), arrival, place });
      return isNoted ? [] : [damage(`that it erases record ${cid} is not noted`)];
    }),
  );
}

/** An own checkpoint must be signed and have the root that the tree has. */
function checkOwnTree(
  arrival: number,
  outline: StatementOutline,
  { store, tree }: LedgerParts,
): Finding[] {
  const reading = readStatement(outline);
  if (reading.outcome !== 'known' || reading.statement.kind !== 'checkpoint') return [];
  const { size, root } = openCheckpoint(
    reading.statement.body.note,
    tree.did,
    verifySignature,
    sha256,
  );
  if (size <= arrival && equalBytes(root, rootAt(store, size))) return [];
  return [damage(`its checkpoint over ${size} entries has another root than they have`)];
}

/**
 * What is noted of judgements by the past: what tells repetitions of the envelopes that count, who
 * signed envelopes, and of governance, whose it is and whether it is sound.
 */
function checkNoted(
  { arrival, rule }: StoredEntry,
  entry: Entry,
  statements: readonly StatementOutline[],
  log: RecomputedLog,
  { store, judging }: LedgerParts,
): Finding[] {
  const inline = batchOf(entry) === undefined;
  const context = judging.of({
    author: entry.identity,
    parents: positionsOf(store, entry),
    inline,
  });
  const judgements = judgeAll(statements, context);
  const findings = judgements.flatMap((judgement) => {
    if (judgement.outcome !== 'standing' || judgement.once === undefined) return [];
    log.rows.envelopes += 1;
    if (store.carriersOf(judgement.once).includes(arrival)) return [];
    return [damage('an envelope that it carries is not noted')];
  });
  for (const signer of signersOf(statements)) {
    log.rows.signers += 1;
    if (!store.chains.isSigner(signer, arrival))
      findings.push(damage('who signed in it is not noted'));
  }
  if (!inline) return findings;
  const noted = rule === null ? undefined : store.rules.at(rule);
  const { member, problem } = rulingOf(entry.identity, context.past, judgements);
  const isNoted =
    rule === log.rows.rules &&
    noted?.arrival === arrival &&
    noted.member === member &&
    noted.problem === problem;
  log.rows.rules += 1;
  if (!isNoted) findings.push(damage('what is noted of it as governance does not follow from it'));
  return findings;
}
