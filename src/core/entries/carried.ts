import { ArchiveError } from '../errors.ts';
import { equalBytes, type Sha256 } from '../hash.ts';
import type { VerifySignature } from '../ports/keys.ts';
import { encodeValue } from '../statements/block.ts';
import { commitName, type RecordData } from '../statements/record.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { type OpenedEnvelope, openEnvelope } from './envelope.ts';

/**
 * Returns if a carried statement is what the envelope in its record says, by the signer to whom the
 * statement commits. Whoever may read the record can check it; nobody else needs to, for what it
 * says counts as a maker's word that the entry's author passes on.
 *
 * @throws {ArchiveError} `input_invalid` naming what does not fit.
 */
export function checkCarried(
  outline: StatementOutline,
  record: RecordData,
  expected: {
    readonly archive: string;
    readonly verify: VerifySignature;
    readonly sha256: Sha256;
  },
): void {
  if (outline.carried === undefined) throw misfit('is not carried');
  if (record.type !== 'envelope') throw misfit('names a record that is no envelope');
  const envelope = openEnvelope(record.envelope, expected);
  const commitment = commitName(record.signer, record.salt, expected.sha256);
  if (envelope.by !== record.signer || commitment !== outline.carried.signer) {
    throw misfit('commits to another signer than that of its envelope');
  }
  if (!says(envelope, outline)) throw misfit('is not what its envelope says');
}

/** Says whether the envelope holds this statement, apart from how it came into the ledger. */
export function says(envelope: OpenedEnvelope, outline: StatementOutline): boolean {
  const { signed: _signed, carried: _carried, ...bare } = outline;
  const bytes = encodeValue(bare);
  return envelope.statements.some((one) => equalBytes(encodeValue(one), bytes));
}

function misfit(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `a carried statement ${problem}`);
}
