import type { ClaimFile } from '../../core/entries/claim-file.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { payloadOf, unsignedPayload } from '../../core/entries/envelope.ts';
import { toHex } from '../../core/hash.ts';
import { printedCode } from '../../core/one-time-code.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type Claim, type Identity, worded } from './claim-words.ts';
import { commitmentsTo } from './named-makers.ts';
import type { Subject } from './subject.ts';
import { voucherFor } from './vouchers.ts';

export interface ClaimRequest {
  readonly claim: Claim;
  readonly subject: Subject;
  /** The maker's name, as the deposits say it. */
  readonly maker: string;
  /** The key that will sign, where it is known: a voucher for it is looked up. */
  readonly key?: Did | undefined;
  /** How it was checked whose key it is; without it, by a steward's voucher if there is one. */
  readonly identity?: Identity | undefined;
}

/** A claim that nobody has signed yet. */
export interface DraftClaim {
  readonly statement: StatementOutline;
  readonly file: ClaimFile;
  /** What whoever signs must have read. */
  readonly shown: string;
  /** The one-time code that withdraws a consent; told to the maker and kept nowhere. */
  readonly withdrawalCode: string | null;
}

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/**
 * Returns a claim ready to be signed, by this program or another. Writes nothing.
 *
 * @throws {ArchiveError} `not_found` if the deposits do not name the maker; `usage_invalid`,
 * `statement_rejected` naming what is wrong with the terms.
 */
export async function draftClaim(request: ClaimRequest, archive: Parts): Promise<DraftClaim> {
  const { claim, subject } = request;
  const { ledger, clock, randomBytes, sha256 } = archive;
  const makers = await commitmentsTo(request.maker, subject.members, archive);
  const [asset] = subject.members;
  const voucher =
    request.key === undefined || asset === undefined
      ? undefined
      : voucherFor(request.key, makers, asset, archive);
  const { statement, shown, texts, notes, code } = worded(claim, {
    about: subject.about,
    at: timestampOf(clock),
    makers,
    identity: request.identity ?? (voucher === undefined ? 'key' : 'steward'),
    vouchedBy: voucher?.id ?? null,
    randomBytes,
    sha256,
  });
  const nonce = toHex(randomBytes(16));
  const payload = payloadOf({ archive: ledger.address, nonce, statements: [statement] });
  const isNewSet = subject.documents.length > 0;
  const file: ClaimFile = {
    format: 'ringfence-claim/1',
    envelope: unsignedPayload(payload),
    texts: [...texts],
    notes,
    sets: isNewSet ? [[...subject.members]] : [],
  };
  return { statement, file, shown, withdrawalCode: code === null ? null : printedCode(code) };
}
