import type { Cid } from '../../core/cid.ts';
import type { ClaimFile } from '../../core/entries/claim-file.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { payloadOf, unsignedPayload } from '../../core/entries/envelope.ts';
import { toHex } from '../../core/hash.ts';
import { CODE_BYTES, oneTimeCode, printedCode } from '../../core/one-time-code.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type Claim, type Identity, type Wording, worded } from './claim-words.ts';
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
  /** Where the maker reads it, unless it is the command line. */
  readonly capture?: Wording['capture'];
}

/** A claim that nobody has signed yet. */
export interface DraftClaim {
  readonly statements: readonly StatementOutline[];
  readonly file: ClaimFile;
  /** What whoever signs must have read. */
  readonly shown: string;
  /** The one-time code that withdraws a consent; told to the maker and kept nowhere. */
  readonly withdrawalCode: string | null;
}

/** A subject in the words of a claim: what it is about, and who speaks for whom. */
export type Saying = Pick<Wording, 'about' | 'makers' | 'identity' | 'vouchedBy' | 'replaces'>;

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/**
 * Returns a claim ready to be signed, by this program or another. Writes nothing.
 *
 * @throws {ArchiveError} `not_found` if the deposits do not name the maker; `usage_invalid`,
 * `statement_rejected` naming what is wrong with the terms.
 */
export async function draftClaim(request: ClaimRequest, archive: Parts): Promise<DraftClaim> {
  const { claim, subject } = request;
  const makers = await commitmentsTo(request.maker, subject.members, archive);
  const [asset] = subject.members;
  const voucher =
    request.key === undefined || asset === undefined
      ? undefined
      : voucherFor(request.key, makers, asset, archive);
  const saying = {
    about: subject.about,
    makers,
    identity: request.identity ?? (voucher === undefined ? 'key' : 'steward'),
    vouchedBy: voucher?.id ?? null,
    replaces: claim.kind === 'consent' ? claim.replaces : [],
  };
  const isNewSet = subject.documents.length > 0;
  const sets = isNewSet ? [[...subject.members]] : [];
  const { capture = 'command-line' } = request;
  return draftAll(claim, { sayings: [saying], sets, capture }, archive);
}

/**
 * Returns one claim that says the same of several subjects, each in a statement of its own, ready to be
 * signed. One code withdraws all consents of it. There is one subject at least. Writes nothing.
 *
 * @throws {ArchiveError} `usage_invalid`, `statement_rejected` naming what is wrong with the terms.
 */
export function draftAll(
  claim: Claim,
  {
    sayings,
    sets,
    capture,
  }: Pick<Wording, 'capture'> & {
    readonly sayings: readonly Saying[];
    readonly sets: readonly (readonly Cid[])[];
  },
  { ledger, clock, randomBytes, sha256 }: Omit<Parts, 'catalog'>,
): DraftClaim {
  const code = oneTimeCode(randomBytes(CODE_BYTES));
  const beside = { at: timestampOf(clock), code, capture, randomBytes, sha256 };
  const words = sayings.map((saying) => worded(claim, { ...saying, ...beside }));
  const statements = words.map(({ statement }) => statement);
  const payload = payloadOf({
    archive: ledger.address,
    nonce: toHex(randomBytes(16)),
    statements,
  });
  const file: ClaimFile = {
    format: 'ringfence-claim/1',
    envelope: unsignedPayload(payload),
    // Whoever signs has read one text, whatever it is about.
    texts: words.slice(0, 1).flatMap(({ texts }) => texts),
    notes: words.flatMap(({ notes }) => notes),
    sets: sets.map((members) => [...members]),
  };
  const shown = words[0]?.shown ?? '';
  const withdrawalCode = claim.kind === 'consent' ? printedCode(code) : null;
  return { statements, file, shown, withdrawalCode };
}
