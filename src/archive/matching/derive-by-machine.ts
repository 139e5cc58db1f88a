import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { ORIGIN_RANK } from '../../core/policy/origin.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { type FamilyNamed, familyNamed } from '../derive.ts';
import { timestampOf } from '../now.ts';
import { holdMatches, type Match } from './hold-matches.ts';

/** What was recorded of something a program made out of a work. */
export interface MachineMade {
  readonly entry: EntryHash;
  /** The statement that it stems from the work. */
  readonly derivation: string;
  /** The statement that registers it as generated. */
  readonly registration: string;
  /** Deposited works that are like it, and held since. */
  readonly matches: readonly Match[];
}

/**
 * Records that a program made a deposited asset, such as a caption or a transcript, out of another:
 * in one entry, that it was generated with the other as input, and that it is registered as output of
 * `tool`, a code. It is not eligible from then on; the other is what it was, since taint goes to what is
 * made of a thing and never to what the thing was made of. Durable, and in the catalog, when the promise
 * resolves. What is deposited and like it is held, as it is for anything registered.
 *
 * @throws {ArchiveError} `not_found` if either is not here, `usage_invalid` if both are the same,
 *   `derivation_refused` if the child is not deposited, or is said to be the work of a maker whom its
 *   deposit names, `statement_rejected` if `tool` is no code or this home may not say so.
 */
export async function deriveByMachine(
  { tool, ...named }: FamilyNamed & { readonly tool: string },
  archive: Archive,
): Promise<MachineMade> {
  const { ledger, catalog, clock } = archive;
  const { child, parent } = familyNamed(named, catalog);
  refuseHumanWork(child, catalog);
  const [about, at] = [{ asset: child }, timestampOf(clock)];
  const relation = 'generated-with-input' as const;
  const source = { generator: tool, basis: 'registrant', mixed: false, record: null } as const;
  const { entry, ids } = await ledger.append({
    statements: [
      createStatement('derivation', about, at, { parent, relation, action: null }),
      createStatement('synthetic', about, at, source),
    ],
    records: [],
    documents: [],
  });
  await catalog.catchUp();
  const [derivation = '', registration = ''] = ids;
  return { entry, derivation, registration, matches: await holdMatches([child], archive) };
}

function refuseHumanWork(child: Cid, catalog: Pick<Archive['catalog'], 'abstraction'>): void {
  const { deposits = [], origins = [] } = catalog.abstraction(child)?.input ?? {};
  if (deposits.length === 0) {
    throw new ArchiveError('derivation_refused', `${child} is not deposited; "ingest" it first`);
  }
  const isNamed = deposits.some(({ makers }) => makers.length > 0);
  const isDeclared = origins.some(
    ({ from, origin }) => from !== 'bytes' && ORIGIN_RANK[origin] === 0,
  );
  if (isNamed && isDeclared) {
    throw new ArchiveError(
      'derivation_refused',
      `${child} names a maker and is declared a work of people; this would end its eligibility for ` +
        'good, so nothing was recorded. If the declaration is in doubt, "dispute add" has it looked at',
    );
  }
}
