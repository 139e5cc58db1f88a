import { readPayload, signPayload } from '../../core/entries/envelope.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { readStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { type ClaimFile, parseClaim, partsOf, payloadIn } from './claim-file.ts';

export interface SignedClaim {
  readonly claim: ClaimFile;
  readonly by: string;
  /** The archive that it speaks to. */
  readonly archive: string;
  readonly statements: readonly StatementOutline[];
}

/**
 * Signs a claim file with a maker's key. Needs no archive.
 *
 * @throws {ArchiveError} `input_invalid` if it is no claim, or the text in the file is not the one that
 * its consent names: nobody signs what was not shown.
 */
export function signClaim(text: string, signer: Signer, sha256: Sha256): SignedClaim {
  const file = parseClaim(text);
  const payload = payloadIn(file);
  const { archive, statements } = readPayload(payload);
  const shown = new Set<string>(partsOf(file, sha256).texts.map(({ cid }) => cid));
  for (const outline of statements) {
    const reading = readStatement(outline);
    if (reading.outcome !== 'known') {
      throw new ArchiveError('input_invalid', `this claim holds a ${outline.kind} that is none`);
    }
    const { statement } = reading;
    if (statement.kind === 'consent' && !shown.has(statement.body.text)) {
      throw new ArchiveError(
        'input_invalid',
        'the text in this claim file is not the one that its consent names',
      );
    }
  }
  // What was written by `signPayload` is an envelope with one signature.
  const envelope = JSON.parse(new TextDecoder().decode(signPayload(payload, signer)));
  return { claim: { ...file, envelope }, by: signer.did, archive, statements };
}
