import { z } from 'zod';
import { fromBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { knownAsset } from '../known-assets.ts';
import { addAge } from '../substantiating/add-age.ts';
import { addKit } from '../substantiating/add-kit.ts';
import { count, entry, moment, organisation, statement } from './answers/names.ts';
import { base64Text, cidText } from './named.ts';
import { createOperation } from './operation.ts';

/** Files travel in Base64: a byte or more. */
const file = base64Text.meta({ minLength: 4 });

const proof = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rfc3161'),
    token: file,
    roots: file.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('opentimestamps'), proof: file, header: file }),
]);

export type GivenProof = z.input<typeof proof>;

const { expires: _expires, record: _record, ...said } = KINDS.evidence.body.shape;

/** What was recorded; `id` is what a review names. */
const recorded = { entry, id: statement, ...said };

/** Records evidence of age that holds for an asset's bytes. */
export const addAssetEvidence = createOperation({
  name: 'evidence.add',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ asset: cidText, proof }),
  result: z.strictObject({ ...recorded, by: z.string().describe('Whose word the time is') }),
  async run(archive, input) {
    const asset = knownAsset(input.asset, archive.catalog);
    const { proof: given } = input;
    if (given.kind === 'rfc3161') {
      const { kind, token, roots } = given;
      return addAge(asset, { kind, token: bytesOf(token), roots }, archive);
    }
    const { kind, header } = given;
    return addAge(asset, { kind, proof: bytesOf(given.proof), header: bytesOf(header) }, archive);
  },
});

/** Commits the working files in a folder. */
export const addProcessKit = createOperation({
  name: 'evidence.kit',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ asset: cidText, folder: z.string() }),
  result: z.strictObject({
    ...recorded,
    forms: z
      .strictObject({ layered: count, raw: count, film: count, other: count })
      .describe('How many files of each form'),
    days: count.describe('Days on which files were saved'),
  }),
  run: async (archive, { asset, folder }, { signal }) =>
    addKit(knownAsset(asset, archive.catalog), folder, archive, signal),
});

/** Gives the standing evidence of an asset, with the reviews that name it. */
export const listAssetEvidence = createOperation({
  name: 'evidence.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.array(
    z.strictObject({
      id: statement,
      at: moment,
      organisation,
      ...KINDS.evidence.body.shape,
      reviews: z.array(
        z.strictObject({ id: statement, organisation, outcome: KINDS.review.body.shape.outcome }),
      ),
    }),
  ),
  async run({ catalog }, input) {
    const facts = catalog.facts(knownAsset(input.asset, catalog));
    if (facts === undefined) return [];
    const reviews = factsOf(facts, 'review');
    return factsOf(facts, 'evidence').map(({ id, at, organisation, body }) => ({
      ...{ id, at, organisation, ...body },
      reviews: reviews
        .filter((review) => review.body.evidence.includes(id))
        .map((review) => ({
          id: review.id,
          organisation: review.organisation,
          outcome: review.body.outcome,
        })),
    }));
  },
});

function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new ArchiveError('usage_invalid', 'a file is no Base64');
  return bytes;
}
