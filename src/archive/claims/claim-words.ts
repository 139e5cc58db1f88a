import { type ClaimFile, noteBlock } from '../../core/entries/claim-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type Sha256, toHex } from '../../core/hash.ts';
import {
  CONSENT_PRESETS,
  type ConsentTerms,
  consentText,
  WITHDRAWAL_TEXT,
} from '../../core/policy/consent-terms.ts';
import { lockOf } from '../../core/policy/withdrawal-code.ts';
import type { RandomBytes } from '../../core/ports/environment.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { createStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { encodeText, type ShownText } from '../../core/statements/text.ts';
import { sourceTypeUri } from '../source-type-named.ts';
import type { Subject } from './subject.ts';

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

type ClaimOf<K extends Claim['kind']> = Extract<Claim, { readonly kind: K }>;

/** What every claim is made with. */
export interface Wording {
  readonly about: Subject['about'];
  readonly at: string;
  /** The commitments by which the deposits name the maker. */
  readonly makers: string[];
  readonly identity: Identity;
  /** The voucher that ties the key to the maker. */
  readonly vouchedBy: string | null;
  /** What a consent takes the place of. */
  readonly replaces: readonly string[];
  /** The one-time code that withdraws a consent. */
  readonly code: string;
  readonly capture: BodyOf<'consent'>['capture'];
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
}

/** A claim in the words of its statement, with what goes with it. */
export interface Worded {
  readonly statement: StatementOutline;
  /** What whoever signs must have read. */
  readonly shown: string;
  readonly texts: readonly ShownText[];
  readonly notes: ClaimFile['notes'];
}

const ALONE = { texts: [], notes: [] };

/** @throws {ArchiveError} `usage_invalid`, `statement_rejected` naming what is wrong with the terms. */
export function worded(claim: Claim, wording: Wording): Worded {
  switch (claim.kind) {
    case 'declaration':
      return declaration(claim, wording);
    case 'consent':
      return consent(claim, wording);
    case 'withdrawal':
      return withdrawal(claim, wording);
    case 'certification':
      return certification(claim, wording);
    case 'dispute':
      return dispute(claim, wording);
  }
}

function declaration(claim: ClaimOf<'declaration'>, wording: Wording): Worded {
  const { about, at, makers, identity, vouchedBy, randomBytes, sha256 } = wording;
  const note =
    claim.note === undefined ? undefined : { nonce: toHex(randomBytes(16)), text: claim.note };
  const body: BodyOf<'declaration'> = {
    digitalSourceType: sourceTypeUri(claim.sourceType),
    generative: claim.generative,
    tools: [...new Set(claim.tools)].sort(),
    makers,
    identity: identity === 'key' ? null : { method: identity, vouchedBy },
    record: note === undefined ? null : noteBlock(note, sha256).cid,
  };
  const statement = createStatement('declaration', about, at, body);
  const notes = note === undefined ? [] : [note];
  return { ...ALONE, statement, shown: declarationText(body, claim.note), notes };
}

function consent(claim: ClaimOf<'consent'>, wording: Wording): Worded {
  const { about, at, makers, identity, replaces, code, capture, randomBytes, sha256 } = wording;
  const terms = termsOf(claim);
  const text = withWithdrawal(claim.text ?? { language: 'en', text: consentText(terms) });
  const statement = createStatement('consent', about, at, {
    ...terms,
    makers,
    role: claim.role,
    under: claim.under,
    text: encodeText(text, sha256).cid,
    language: text.language,
    identity,
    capture,
    legalBasis: claim.legalBasis,
    withdrawalCode: lockOf(code, randomBytes(16), sha256),
    replaces: [...new Set(replaces)].sort(),
    record: null,
  });
  return { ...ALONE, statement, shown: text.text, texts: [text] };
}

/** Nobody signs a consent that does not say what taking it back does. */
function withWithdrawal(shown: ShownText): ShownText {
  if (shown.text.includes(WITHDRAWAL_TEXT)) return shown;
  return { ...shown, text: `${shown.text.trim()}\n${WITHDRAWAL_TEXT}` };
}

function withdrawal({ consents }: ClaimOf<'withdrawal'>, { about, at, makers }: Wording): Worded {
  const body = { consents: [...consents].sort(), makers, code: null, record: null };
  const what = consents.length > 0 ? consents.join(', ') : 'every consent of yours';
  const shown = `You withdraw ${what}.\n${WITHDRAWAL_TEXT}`;
  return { ...ALONE, statement: createStatement('withdrawal', about, at, body), shown };
}

function certification(
  { kind, ...said }: ClaimOf<'certification'>,
  { about, at }: Wording,
): Worded {
  const statement = createStatement(kind, about, at, { ...said, record: null });
  return { ...ALONE, statement, shown: `You name certificate ${said.number} of ${said.issuer}.` };
}

function dispute({ kind, reason, against }: ClaimOf<'dispute'>, { about, at }: Wording): Worded {
  const body = { reason, by: 'maker' as const, against: [...against].sort(), record: null };
  return {
    ...ALONE,
    statement: createStatement(kind, about, at, body),
    shown: `You object: ${reason}.`,
  };
}

function termsOf(claim: ClaimOf<'consent'>): ConsentTerms {
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
