import { ArchiveError } from '../../core/errors.ts';
import { typedCode } from '../../core/one-time-code.ts';
import { opensLock } from '../../core/policy/withdrawal-code.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

export type WithdrawalRequest =
  /** The one-time code alone, on any node. */
  | { readonly code: string }
  /** A steward or archivist records that a maker has withdrawn. */
  | { readonly consents: readonly StatementId[] };

/**
 * Records a withdrawal; durable when the promise resolves. A code need not say which consent it belongs
 * to, and withdraws every repetition of it.
 *
 * @throws {ArchiveError} `not_found` if the code opens no consent that this node knows, or there is no
 * such consent; `statement_rejected` if this home may not record it for a maker.
 */
export async function withdrawConsents(
  request: WithdrawalRequest,
  { ledger, catalog, clock, sha256 }: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'sha256'>,
): Promise<{ readonly entry: EntryHash; readonly consents: readonly StatementId[] }> {
  const code = 'code' in request ? typedCode(request.code) : null;
  if ('consents' in request) {
    const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
    if (!roles.some((role) => role === 'steward' || role === 'archivist')) {
      throw new ArchiveError(
        'statement_rejected',
        'only a steward or archivist records a withdrawal for a maker; give the code, or sign with the key',
      );
    }
  }
  const meant: StandingStatement[] = [];
  const takeTurn = takeTurns();
  for (const consent of catalog.said('consent')) {
    await takeTurn();
    const { statement } = consent;
    if (statement.kind !== 'consent') continue;
    const isMeant =
      'consents' in request
        ? request.consents.includes(consent.id)
        : opensLock(code ?? '', statement.body.withdrawalCode, sha256);
    if (isMeant) meant.push(consent);
  }
  if ('consents' in request && meant.length < new Set(request.consents).size) {
    const missing = request.consents.find((id) => !meant.some((one) => one.id === id));
    throw new ArchiveError(
      'not_found',
      `no consent ${missing} stands here; "consent list" shows them`,
    );
  }
  if (meant.length === 0) {
    throw new ArchiveError(
      'not_found',
      'this code opens no consent that this node knows; look at its letters',
    );
  }
  const at = timestampOf(clock);
  const statements = meant.map(({ id, statement }) =>
    createStatement('withdrawal', statement.about, at, {
      consents: [id],
      makers: [],
      code,
      record: null,
    }),
  );
  const { entry } = await ledger.append({ statements, records: [], documents: [] });
  await catalog.catchUp();
  return { entry, consents: meant.map(({ id }) => id) };
}
