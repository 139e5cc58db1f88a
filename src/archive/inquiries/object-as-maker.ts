import type { Cid } from '../../core/cid.ts';
import { parseClaim } from '../../core/entries/claim-file.ts';
import { openEnvelope } from '../../core/entries/envelope.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import type { Archive } from '../archive.ts';
import { type ImportedClaim, importClaim } from '../claims/import-claim.ts';
import { signedBy } from '../claims/signed-by.ts';
import { readableAsset } from './object.ts';

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'browsers' | 'clock' | 'randomBytes' | 'sha256' | 'verifySignature'
>;

/**
 * Records the dispute of a maker, signed by a key that has signed a standing declaration or consent about
 * the same asset: it stops the asset at once, and needs no answer first. Durable when the promise resolves.
 *
 * @throws {ArchiveError} as `importClaim`; `input_invalid` for what is no dispute about one asset;
 * `not_found` for what the caller may not read; `not_allowed` for any other key.
 */
export async function objectAsMaker(
  claim: string,
  caller: Caller,
  parts: Parts,
): Promise<ImportedClaim & { readonly asset: Cid }> {
  const { envelope, texts, sets, notes } = parseClaim(claim);
  const bytes = new TextEncoder().encode(JSON.stringify(envelope));
  const { ledger, verifySignature: verify } = parts;
  const { by, statements } = openEnvelope(bytes, { archive: ledger.address, verify });
  const [said, ...more] = statements;
  const isAlone = more.length + texts.length + sets.length + notes.length === 0;
  if (said?.kind !== 'dispute' || said.about === null || !('asset' in said.about) || !isAlone) {
    const text = 'a maker objects by one dispute about one asset, with nothing beside it';
    throw new ArchiveError('input_invalid', text);
  }
  const asset = readableAsset(said.about.asset, caller, parts);
  const kinds = ['declaration', 'consent'] as const;
  if (!kinds.some((kind) => signedBy(by, kind, asset, parts).length > 0)) {
    throw new ArchiveError(
      'not_allowed',
      `${by} has signed no declaration or consent about ${asset} that is recorded here; object without a key, and a steward answers`,
    );
  }
  return { ...(await importClaim({ claim, checked: false }, parts)), asset };
}
