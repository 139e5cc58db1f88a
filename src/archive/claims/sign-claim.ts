import { contentOf } from '../../core/entries/claim-content.ts';
import { type ClaimFile, parseClaim } from '../../core/entries/claim-file.ts';
import { preAuthentication, sealedPayload } from '../../core/entries/envelope.ts';
import type { Sha256 } from '../../core/hash.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type { Statement } from '../../core/statements/statement.ts';

export interface SignedClaim {
  readonly claim: ClaimFile;
  readonly by: string;
  /** The archive that it speaks to. */
  readonly archive: string;
  readonly statements: readonly Statement[];
}

/**
 * Signs a claim file with a maker's key. Needs no archive.
 *
 * @throws {ArchiveError} `input_invalid` if it is no claim, or a text or note in the file is not the one
 * that its statements name: nobody signs what was not shown.
 */
export function signClaim(text: string, signer: Signer, sha256: Sha256): SignedClaim {
  const file = parseClaim(text);
  const { payload, archive, says } = contentOf(file, sha256);
  const signature = signer.sign(preAuthentication(payload));
  const envelope = sealedPayload(payload, signer.did, signature);
  const statements = says.map(({ statement }) => statement);
  return { claim: { ...file, envelope }, by: signer.did, archive, statements };
}
