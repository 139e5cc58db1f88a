import { z } from 'zod';
import type { ClaimFile } from '../../core/entries/claim-file.ts';
import type { Archive } from '../archive.ts';
import { subjectOf } from '../claims/subject.ts';
import { reviewWords } from '../judging/add-review.ts';
import { withRecord } from '../judging/stop.ts';
import { knownAsset } from '../known-assets.ts';
import { draftStatement } from '../signing/draft-statement.ts';
import { importStatement } from '../signing/import-statement.ts';
import { oneAsset } from '../state-about.ts';
import { carried, unsignedClaim } from './answers/claims.ts';
import { inOrder, resolution, review, stopWords } from './judge-things.ts';
import { subject } from './make-claims.ts';
import { createOperation } from './operation.ts';

const note = z.string().exactOptional();

/** What a browser can say: the words of `review.add`, `resolve` and `stop`. */
const drafted = z.union([
  z.strictObject({ review, note }),
  z.strictObject({ resolution, subject, note }),
  z.strictObject({ stop: stopWords, subject, note }),
]);

/** Gives a statement for a browser of this home to sign with its own key. */
export const draftOneStatement = createOperation({
  name: 'statement.draft',
  opens: 'archive',
  changes: false,
  input: drafted,
  result: z.strictObject({ file: unsignedClaim }),
  run: async (archive, said) => ({ file: await draftOf(said, archive) }),
});

/** Records what a browser of this home has signed. */
export const importOneStatement = createOperation({
  name: 'statement.import',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ claim: z.string() }),
  result: carried,
  run: async (archive, { claim }) => importStatement(claim, archive),
});

async function draftOf(said: z.output<typeof drafted>, archive: Archive): Promise<ClaimFile> {
  if ('review' in said) {
    const asset = knownAsset(said.review.asset, archive.catalog);
    const words = reviewWords({ draw: undefined, ...said.review, asset }, archive);
    const saying = { subject: oneAsset(asset), note: said.note };
    return draftStatement('review', (record) => ({ ...words, record }), saying, archive);
  }
  const saying = { subject: await subjectOf(said.subject, archive), note: said.note };
  if ('stop' in said) {
    const { kind, bodyWith } = withRecord(inOrder(said.stop));
    return draftStatement(kind, bodyWith, saying, archive);
  }
  const { of, outcome } = said.resolution;
  const ids = [...new Set(of)].sort();
  return draftStatement('resolution', (record) => ({ of: ids, outcome, record }), saying, archive);
}
