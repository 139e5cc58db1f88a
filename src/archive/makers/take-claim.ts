import type { Cid } from '../../core/cid.ts';
import { parseClaim } from '../../core/entries/claim-file.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { openEnvelope } from '../../core/entries/envelope.ts';
import { ArchiveError } from '../../core/errors.ts';
import { consentText } from '../../core/policy/consent-terms.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import {
  readStatement,
  type Statement,
  type StatementOutline,
} from '../../core/statements/statement.ts';
import { encodeText } from '../../core/statements/text.ts';
import type { Archive } from '../archive.ts';
import { type ImportedClaim, importClaim } from '../claims/import-claim.ts';
import { signedBy } from '../claims/signed-by.ts';
import { makersWith } from '../claims/vouchers.ts';
import { unvouched } from './draft-for-maker.ts';

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'browsers' | 'clock' | 'randomBytes' | 'sha256' | 'verifySignature'
>;

/** Assets of which one claim speaks. */
export const MOST_CLAIMED = 32;

/** Whom a maker without membership may allow something. */
const REQUESTERS: ReadonlySet<string> = new Set(['anyone', 'members', 'research-organisation']);
/** No addresses: what a ledger never forgets has no room for what is no tool. */
const TOOL = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,59}$/;
const MOST_TOOLS = 8;

/**
 * Records what a maker has signed who is no member and asked nobody here first: declarations, consents in
 * the archive's own words, and withdrawals of its own consents, about assets for which a steward has vouched
 * that the key is the maker's. `admit` throws for keys that have said enough. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `input_invalid`; `not_allowed` for a key without voucher; `statement_rejected`
 * for what this way is not open for, what was said before, or what speaks for others.
 */
export async function takeClaim(
  claim: string,
  parts: Parts,
  admit: (key: Did) => void,
): Promise<ImportedClaim> {
  const { envelope, texts, notes, sets } = parseClaim(claim);
  const bytes = new TextEncoder().encode(JSON.stringify(envelope));
  const { ledger, verifySignature: verify } = parts;
  const { by, statements } = openEnvelope(bytes, { archive: ledger.address, verify });
  if (notes.length + sets.length > 0 || texts.length > 1 || statements.length > MOST_CLAIMED) {
    throw refused(`a maker says ${MOST_CLAIMED} things of one asset each, with no notes or sets`);
  }
  admit(by);
  for (const outline of statements) await refuseStatement(knownStatement(outline), by, parts);
  return importClaim({ claim, checked: false }, parts);
}

function knownStatement(outline: StatementOutline): Statement {
  const reading = readStatement(outline);
  if (reading.outcome === 'known') return reading.statement;
  throw refused(`this ${outline.kind} cannot be read`);
}

async function refuseStatement(statement: Statement, by: Did, parts: Parts): Promise<void> {
  const { about, kind } = statement;
  if (about === null || !('asset' in about)) throw refused(`this ${kind} is not about one asset`);
  const { asset } = about;
  const own = await makersWith(by, asset, parts);
  if (own.length === 0) throw unvouched(by, asset);
  switch (statement.kind) {
    case 'declaration':
      refuseOthers(statement.body.makers, own);
      return refuseDeclaration(statement.body);
    case 'consent':
      refuseOthers(statement.body.makers, own);
      refuseForeign(statement.body.replaces, by, asset, parts);
      return refuseConsent(statement.body, parts);
    case 'withdrawal':
      refuseForeign(statement.body.consents, by, asset, parts);
      return refuseWithdrawal(statement.body);
    default:
      throw refused(`a maker says no ${kind} this way; give the signed file to a steward`);
  }
}

function refuseOthers(makers: readonly string[], own: readonly string[]): void {
  if (makers.length > 0 && makers.every((maker) => own.includes(maker))) return;
  throw refused('it speaks for makers for whom no steward vouches that the key is theirs');
}

function refuseForeign(consents: readonly string[], by: Did, asset: Cid, parts: Parts): void {
  const own = new Set<string>(signedBy(by, 'consent', asset, parts).map(({ id }) => id));
  const foreign = consents.find((id) => !own.has(id));
  if (foreign !== undefined) throw refused(`${foreign} is no consent of this key about ${asset}`);
}

function refuseDeclaration({ identity, tools, record }: BodyOf<'declaration'>): void {
  const isPlain = tools.length <= MOST_TOOLS && tools.every((tool) => TOOL.test(tool));
  if (isPlain && identity?.method === 'steward' && record === null) return;
  throw refused(
    `a declaration names ${MOST_TOOLS} tools at most, each by 60 letters, has no note, and rests on a steward's voucher`,
  );
}

/** The text is the archive's own for these terms: what a stranger writes does not go into the ledger. */
function refuseConsent(body: BodyOf<'consent'>, { sha256 }: Parts): void {
  const { role, under, conditions, territories, requesters, identity, capture, record } = body;
  const text = encodeText({ language: 'en', text: consentText(body) }, sha256).cid;
  const isPlain =
    role !== 'agent' &&
    under === null &&
    conditions.length + territories.length === 0 &&
    requesters.every((one) => REQUESTERS.has(one)) &&
    identity === 'steward' &&
    capture === 'browser' &&
    body.legalBasis === 'consent' &&
    body.withdrawalCode !== null &&
    record === null;
  if (isPlain && body.language === 'en' && body.text === text) return;
  throw refused('it is no consent in the words of this archive for its terms; draft it here');
}

function refuseWithdrawal({ consents, code, makers, record }: BodyOf<'withdrawal'>): void {
  if (consents.length > 0 && code === null && makers.length > 0 && record === null) return;
  throw refused('a withdrawal by key names the consents that it takes back, and no code');
}

function refused(text: string): ArchiveError {
  return new ArchiveError('statement_rejected', text);
}
