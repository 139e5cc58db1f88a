import { sha256 } from '@noble/hashes/sha2.js';
import type { operations } from '../../../.cache/web/described.d.ts';
import { typedCode } from '../../core/one-time-code.ts';
import { opensLock } from '../../core/policy/withdrawal-code.ts';
import { type Draft, isExpected, readDraft } from '../api/sign-statement.ts';
import { TEXT } from '../text/english.ts';

type Operation = operations['draftForMaker'];
type Drafted = Operation['responses'][200]['content']['application/json'];

/** What a maker can say here. */
export type Claim = Operation['requestBody']['content']['application/json']['claim'];

/** A claim as this browser reads it, and the code that takes a consent back. */
export interface MakerDraft extends Draft {
  readonly withdrawalCode: string | null;
}

/**
 * Reads what the node gave to sign out of the bytes that are signed.
 *
 * @throws where that is anything else than was asked for, about other works, or has a code that does not
 * take it back.
 */
export function readMakerDraft(
  { file, withdrawalCode }: Drafted,
  archive: string,
  claim: Claim,
  assets: readonly string[],
): MakerDraft {
  const draft = readDraft(file, archive);
  const body = bodyOf(claim);
  const isAsked = draft.says.every((said, place) => {
    const about = { asset: assets[place] ?? '' };
    if (!isExpected(said, { kind: claim.kind, about, body, note: undefined })) return false;
    const { statement } = said;
    if (statement.kind !== 'consent') return true;
    return opensLock(typedCode(withdrawalCode ?? ''), statement.body.withdrawalCode, sha256);
  });
  if (!isAsked || draft.says.length !== assets.length) throw new Error(TEXT.signing.otherWords);
  return { ...draft, withdrawalCode };
}

/** The fields that were asked for, as a statement has them. */
function bodyOf(claim: Claim): Readonly<Record<string, unknown>> {
  switch (claim.kind) {
    case 'declaration': {
      const { generative, tools } = claim;
      return { generative, tools: [...new Set(tools)].sort() };
    }
    case 'consent': {
      const { purposes, requesters, until = null, attribution, role } = claim;
      return { purposes, requesters: [...requesters].sort(), until, attribution, role };
    }
    case 'withdrawal':
      return { consents: [...claim.consents].sort() };
  }
}
