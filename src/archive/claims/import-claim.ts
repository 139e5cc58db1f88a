import { parseClaim, partsOf } from '../../core/entries/claim-file.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { openEnvelope } from '../../core/entries/envelope.ts';
import { recordsOf } from '../../core/entries/references.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import { commitName, encodeRecord } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { refuseClaim } from './refuse-claim.ts';
import { documentsNamed, type Spoken, spokenIn } from './spoken-in.ts';
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
    'ledger' | 'catalog' | 'browsers' | 'clock' | 'randomBytes' | 'sha256' | 'verifySignature'
  >,
): Promise<ImportedClaim> {
  const { ledger, catalog, randomBytes, sha256, verifySignature } = archive;
  const file = parseClaim(request.claim);
  const envelope = new TextEncoder().encode(JSON.stringify(file.envelope));
  const opened = openEnvelope(envelope, { archive: ledger.address, verify: verifySignature });
  const parts = partsOf(file, sha256);
  const spoken = await spokenIn(opened.statements, parts, archive);
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
