import { type Cid, CODEC, cidFromDigest } from '../../core/cid.ts';
import { parseClaim, partsOf } from '../../core/entries/claim-file.ts';
import { openEnvelope } from '../../core/entries/envelope.ts';
import { recordsOf } from '../../core/entries/references.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import type { ImportedClaim } from '../claims/import-claim.ts';
import { documentsNamed, spokenIn } from '../claims/spoken-in.ts';
import { refuseIdleReview } from '../judging/add-review.ts';
import { isOpenStop } from '../judging/list-stops.ts';
import { letBrowserSay } from './browser-rights.ts';

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'browsers' | 'clock' | 'randomBytes' | 'sha256' | 'verifySignature'
>;

/**
 * Records what a browser that is signed in here has signed with its own key: it is judged on that key, which
 * acts for this home's member. The envelope travels with the entry, so any node can check it. Durable, and
 * in the catalog, when the promise resolves.
 *
 * @throws {ArchiveError} `input_invalid` for what is no valid envelope to this archive; `not_allowed` as
 * {@link letBrowserSay}; `review_refused`; `not_found`; `statement_rejected` for what would count for
 * nothing, answers what somebody has answered meanwhile, or was recorded before.
 */
export async function importStatement(claim: string, archive: Parts): Promise<ImportedClaim> {
  const { ledger, catalog, sha256, verifySignature: verify } = archive;
  const file = parseClaim(claim);
  const bytes = new TextEncoder().encode(JSON.stringify(file.envelope));
  const { by, statements } = openEnvelope(bytes, { archive: ledger.address, verify });
  const came = partsOf(file, sha256);
  const spoken = await spokenIn(statements, came, archive);
  for (const { statement, members } of spoken) {
    const [asset] = members;
    if (statement.kind === 'review' && asset !== undefined) {
      refuseIdleReview(asset, statement.body, archive);
    }
    if (statement.kind === 'resolution' && asset !== undefined) {
      refuseIdleAnswer(asset, statement.body, archive);
    }
  }
  await letBrowserSay(by, new Set(spoken.map(({ statement }) => statement.kind)), archive);
  const envelope = { cid: cidFromDigest(CODEC.raw, sha256(bytes)), bytes };
  const signed = { by, envelope: envelope.cid };
  const named = new Set(statements.flatMap(recordsOf));
  const { entry, ids } = await ledger.append({
    statements: statements.map((outline) => ({ ...outline, signed })),
    records: came.notes.filter(({ cid }) => named.has(cid)),
    documents: [envelope, ...documentsNamed(spoken, came)],
  });
  await catalog.catchUp();
  return { entry, by, statements: ids.map((id, at) => ({ id, kind: statements[at]?.kind ?? '' })) };
}

/** Somebody signs what they saw a while ago: whoever answered since then is not overruled unseen. */
function refuseIdleAnswer(asset: Cid, { of }: BodyOf<'resolution'>, parts: Parts): void {
  const ended = of.find((id) => !isOpenStop(id, asset, parts));
  if (ended === undefined) return;
  throw new ArchiveError(
    'statement_rejected',
    `${ended} does not stop ${asset} any more: somebody has answered it; look at the asset again`,
  );
}
