import type { Cid } from '../../core/cid.ts';
import type { ClaimParts } from '../../core/entries/claim-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import {
  readStatement,
  type Statement,
  type StatementOutline,
} from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock'>;

/** A statement of an envelope with the assets that it speaks of. */
export interface Spoken {
  readonly statement: Statement;
  readonly members: readonly Cid[];
}

/** Clocks differ; what is dated later than this is not of this world. */
const AHEAD_MS = 5 * 60_000;

/**
 * Returns what the statements of an envelope say, and of which assets.
 *
 * @throws {ArchiveError} `statement_rejected` for what cannot be recorded or is dated in the future;
 * `not_found`.
 */
export async function spokenIn(
  statements: readonly StatementOutline[],
  came: ClaimParts,
  parts: Parts,
): Promise<readonly Spoken[]> {
  const spoken: Spoken[] = [];
  for (const outline of statements) {
    const reading = readStatement(outline);
    if (reading.outcome !== 'known') {
      const problem = reading.outcome === 'bad' ? reading.problem : 'its kind is not known';
      throw refused(`this ${outline.kind} cannot be recorded: ${problem}`);
    }
    const { statement } = reading;
    const { kind, at } = statement;
    if (Date.parse(at) > parts.clock() + AHEAD_MS) {
      throw refused(`this ${kind} is dated ${at}, in the future; set the clock and sign it again`);
    }
    spoken.push({ statement, members: await membersOf(statement, came, parts) });
  }
  return spoken;
}

/** Returns the blocks that came with a claim and its statements name; the rest is left aside. */
export function documentsNamed(spoken: readonly Spoken[], { texts, sets }: ClaimParts) {
  const named = new Set<Cid>();
  for (const { statement } of spoken) {
    if (statement.kind === 'consent') named.add(statement.body.text);
    if (statement.about !== null && 'set' in statement.about) named.add(statement.about.set);
  }
  return [
    ...texts.filter(({ cid }) => named.has(cid)),
    ...sets.filter(({ cid }) => named.has(cid)).flatMap(({ blocks }) => blocks),
  ];
}

/** @throws {ArchiveError} `not_found`; `statement_rejected` for what is about no asset. */
async function membersOf(
  { about, kind }: Statement,
  came: ClaimParts,
  { ledger, catalog }: Parts,
): Promise<readonly Cid[]> {
  if (about === null) throw refused(`this ${kind} speaks of no asset`);
  const members = 'asset' in about ? [about.asset] : await setMembers(about.set);
  const missing = members.find((cid) => !catalog.has(cid));
  if (missing === undefined) return members;
  throw absent(`this ${kind} speaks of ${missing}, which is not in this archive`);

  async function setMembers(set: Cid): Promise<readonly Cid[]> {
    const brought = came.sets.find(({ cid }) => cid === set);
    if (brought !== undefined) return brought.members;
    if (ledger.block(set) !== undefined) return ledger.setMembers(set);
    throw absent(`this ${kind} speaks of the set ${set}, which did not come with it`);
  }
}

function refused(problem: string): ArchiveError {
  return new ArchiveError('statement_rejected', problem);
}

function absent(problem: string): ArchiveError {
  return new ArchiveError('not_found', problem);
}
