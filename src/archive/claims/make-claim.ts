import { toBase64 } from '../../core/base64.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { PAYLOAD_TYPE, payloadOf } from '../../core/entries/envelope.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import {
  CONSENT_PRESETS,
  type ConsentTerms,
  consentText,
  WITHDRAWAL_TEXT,
} from '../../core/policy/consent-terms.ts';
import {
  CODE_BYTES,
  lockOf,
  printedCode,
  withdrawalCode,
} from '../../core/policy/withdrawal-code.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { createStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { encodeText, type ShownText } from '../../core/statements/text.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { sourceTypeUri } from '../source-type-named.ts';
import { type ClaimFile, noteBlock } from './claim-file.ts';
import { commitmentsTo } from './named-makers.ts';
import type { Subject } from './subject.ts';
import { voucherFor } from './vouchers.ts';

export type Identity = 'steward' | 'orcid' | 'website' | 'key';

/** What a maker, or somebody for a maker, wants to say. */
export type Claim =
  | {
      readonly kind: 'declaration';
      readonly sourceType: string;
      readonly generative: BodyOf<'declaration'>['generative'];
      readonly tools: readonly string[];
      /** Where generative tools were used; goes into a record. */
      readonly note?: string | undefined;
    }
  | ({
      readonly kind: 'consent';
      readonly preset?: string | undefined;
      readonly text?: ShownText | undefined;
    } & Partial<ConsentTerms> &
      Pick<BodyOf<'consent'>, 'role' | 'under' | 'replaces' | 'legalBasis'>)
  | { readonly kind: 'withdrawal'; readonly consents: readonly string[] }
  | ({ readonly kind: 'certification' } & Pick<
      BodyOf<'certification'>,
      'issuer' | 'number' | 'checkedAt' | 'snapshot' | 'outcome'
    >)
  | { readonly kind: 'dispute'; readonly reason: string; readonly against: readonly string[] };

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
  const identity = request.identity ?? (voucher === undefined ? 'key' : 'steward');
  const at = timestampOf(clock);
  const draft = { texts: [] as ShownText[], notes: [] as ClaimFile['notes'] };
  let shown = '';
  let code: string | null = null;
  let statement: StatementOutline;
  switch (claim.kind) {
    case 'declaration': {
      if (claim.note !== undefined) {
        draft.notes.push({ nonce: toHex(randomBytes(16)), text: claim.note });
      }
      const [note] = draft.notes;
      statement = createStatement('declaration', subject.about, at, {
        digitalSourceType: sourceTypeUri(claim.sourceType),
        generative: claim.generative,
        tools: [...new Set(claim.tools)].sort(),
        makers,
        identity: identity === 'key' ? null : { method: identity, vouchedBy: voucher?.id ?? null },
        record: note === undefined ? null : noteBlock(note, sha256).cid,
      });
      shown = declarationText(statement.body as BodyOf<'declaration'>, claim.note);
      break;
    }
    case 'consent': {
      const terms = termsOf(claim);
      const text = claim.text ?? { language: 'en', text: consentText(terms) };
      const full = text.text.includes(WITHDRAWAL_TEXT)
        ? text
        : { ...text, text: `${text.text.trim()}\n${WITHDRAWAL_TEXT}` };
      draft.texts.push(full);
      shown = full.text;
      code = withdrawalCode(randomBytes(CODE_BYTES));
      statement = createStatement('consent', subject.about, at, {
        ...terms,
        makers,
        role: claim.role,
        under: claim.under,
        text: encodeText(full, sha256).cid,
        language: full.language,
        identity,
        capture: 'command-line',
        legalBasis: claim.legalBasis,
        withdrawalCode: lockOf(code, randomBytes(16), sha256),
        replaces: [...claim.replaces].sort(),
        record: null,
      });
      break;
    }
    case 'withdrawal':
      statement = createStatement('withdrawal', subject.about, at, {
        consents: [...claim.consents].sort(),
        makers,
        code: null,
        record: null,
      });
      shown = `You withdraw ${claim.consents.length > 0 ? claim.consents.join(', ') : 'every consent of yours'}.\n${WITHDRAWAL_TEXT}`;
      break;
    case 'certification': {
      const { kind: _kind, ...body } = claim;
      statement = createStatement('certification', subject.about, at, { ...body, record: null });
      shown = `You name certificate ${body.number} of ${body.issuer}.`;
      break;
    }
    case 'dispute':
      statement = createStatement('dispute', subject.about, at, {
        reason: claim.reason,
        by: 'maker',
        against: [...claim.against].sort(),
        record: null,
      });
      shown = `You object: ${claim.reason}.`;
      break;
  }
  const nonce = toHex(randomBytes(16));
  const payload = payloadOf({ archive: ledger.address, nonce, statements: [statement] });
  const isNewSet = subject.documents.length > 0;
  const file: ClaimFile = {
    format: 'ringfence-claim/1',
    envelope: { payloadType: PAYLOAD_TYPE, payload: toBase64(payload), signatures: [] },
    ...draft,
    sets: isNewSet ? [[...subject.members]] : [],
  };
  return { statement, file, shown, withdrawalCode: code === null ? null : printedCode(code) };
}

function termsOf(claim: Claim & { readonly kind: 'consent' }): ConsentTerms {
  const preset = claim.preset === undefined ? undefined : CONSENT_PRESETS[claim.preset];
  if (claim.preset !== undefined && preset === undefined) {
    const names = Object.entries(CONSENT_PRESETS).map(
      ([name, { summary }]) => `${name} (${summary})`,
    );
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(claim.preset)} is no preset; one of ${names.join(', ')}`,
    );
  }
  const purposes = { ...preset?.purposes, ...claim.purposes };
  if (Object.keys(purposes).length === 0) {
    throw new ArchiveError(
      'usage_invalid',
      'a consent must speak of a purpose: give a preset, or allow or deny one',
    );
  }
  return {
    purposes,
    requesters: [...new Set(claim.requesters ?? preset?.requesters ?? [])].sort(),
    territories: [...new Set(claim.territories ?? [])].sort(),
    from: claim.from ?? null,
    until: claim.until ?? null,
    conditions: [...new Set(claim.conditions ?? [])].sort(),
    attribution: claim.attribution ?? true,
  };
}

function declarationText(body: BodyOf<'declaration'>, note: string | undefined): string {
  const generative = {
    none: 'no output of a generative model went in',
    exceptions: 'output of a generative model went in, as the note says',
    unstated: 'nothing is said of generative models',
  };
  return [
    `You declare how this was made: ${body.digitalSourceType}.`,
    `Tools: ${body.tools.join(', ') || 'none named'}; ${generative[body.generative]}.`,
    ...(note === undefined ? [] : [note]),
  ].join('\n');
}
