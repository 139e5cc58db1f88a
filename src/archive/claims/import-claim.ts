import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { openEnvelope } from '../../core/entries/envelope.ts';
import { recordsOf } from '../../core/entries/references.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import { commitName, encodeRecord } from '../../core/statements/record.ts';
import { readStatement, type Statement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { type ClaimParts, parseClaim, partsOf } from './claim-file.ts';
import { refuseClaim, type Spoken } from './refuse-claim.ts';
import { voucherFor } from './vouchers.ts';

export interface ImportedClaim {
  readonly entry: EntryHash;
  readonly by: Did;
  readonly statements: readonly { readonly id: StatementId; readonly kind: string }[];
}

/**
 * Carries what an outsider has signed into the ledger. Envelope and key lie in a record, where they can
 * be erased. Durable when the promise resolves.
 *
 * `checked` says that somebody here has seen that the key is the maker's by its ORCID record or website,
 * and is kept beside the envelope's statements by nobody else's word.
 *
 * @throws {ArchiveError} `input_invalid` for what is no valid envelope to this archive; `not_found`;
 * `statement_rejected` for what would count for nothing, was said before, or speaks for others.
 */
export async function importClaim(
  request: { readonly claim: string; readonly checked: boolean },
  archive: Pick<
    Archive,
    'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256' | 'verifySignature'
  >,
): Promise<ImportedClaim> {
  const { ledger, catalog, randomBytes, sha256, verifySignature } = archive;
  const file = parseClaim(request.claim);
  const envelope = new TextEncoder().encode(JSON.stringify(file.envelope));
  const opened = openEnvelope(envelope, { archive: ledger.address, verify: verifySignature });
  const parts = partsOf(file, sha256);
  const spoken: Spoken[] = [];
  for (const outline of opened.statements) {
    const reading = readStatement(outline);
    if (reading.outcome !== 'known') {
      const problem = reading.outcome === 'bad' ? reading.problem : 'its kind is not known';
      throw new ArchiveError(
        'statement_rejected',
        `this ${outline.kind} cannot be recorded: ${problem}`,
      );
    }
    spoken.push({
      statement: reading.statement,
      members: await membersOf(reading.statement, parts, archive),
    });
  }
  await refuseClaim({ by: opened.by, spoken, checked: request.checked }, archive);
  const salt = saltFor(opened.by, spoken, archive);
  const record = encodeRecord(
    { type: 'envelope', envelope, signer: opened.by, salt },
    randomBytes(16),
    sha256,
  );
  const carried = { envelope: record.cid, signer: commitName(opened.by, salt, sha256) };
  const named = new Set(opened.statements.flatMap(recordsOf));
  const { entry, ids } = await ledger.append({
    statements: opened.statements.map((outline) => ({ ...outline, carried })),
    records: [record, ...parts.notes.filter(({ cid }) => named.has(cid))],
    documents: documentsNamed(spoken, parts),
  });
  await catalog.catchUp();
  const statements = ids.map((id, place) => ({ id, kind: opened.statements[place]?.kind ?? '' }));
  return { entry, by: opened.by, statements };
}

/** Returns the assets that a statement speaks of. @throws {ArchiveError} `not_found`. */
async function membersOf(
  { about, kind }: Statement,
  parts: ClaimParts,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Promise<readonly Cid[]> {
  if (about === null) {
    throw new ArchiveError('statement_rejected', `this ${kind} speaks of no asset`);
  }
  const members = 'asset' in about ? [about.asset] : await setMembers(about.set);
  const missing = members.find((cid) => !catalog.has(cid));
  if (missing === undefined) return members;
  throw new ArchiveError(
    'not_found',
    `this ${kind} speaks of ${missing}, which is not in this archive`,
  );

  async function setMembers(set: Cid): Promise<readonly Cid[]> {
    const came = parts.sets.find(({ cid }) => cid === set);
    if (came !== undefined) return came.members;
    if (ledger.block(set) !== undefined) return ledger.setMembers(set);
    throw new ArchiveError(
      'not_found',
      `this ${kind} speaks of the set ${set}, which did not come with it`,
    );
  }
}

/** The salt of the voucher where there is one, so that the commitments to the key are the same. */
function saltFor(
  by: Did,
  spoken: readonly Spoken[],
  archive: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): Uint8Array {
  for (const { statement, members } of spoken) {
    const [asset] = members;
    const makers = 'makers' in statement.body ? statement.body.makers : [];
    const voucher = asset === undefined ? undefined : voucherFor(by, makers, asset, archive);
    if (voucher !== undefined) return voucher.salt;
  }
  return archive.ledger.salt('maker', by);
}

/** What came with the claim and its statements name; the rest is left aside. */
function documentsNamed(spoken: readonly Spoken[], { texts, sets }: ClaimParts) {
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
