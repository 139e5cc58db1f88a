import { z } from 'zod';
import { count, did, organisation, role, statement } from './names.ts';

const recorder = z.strictObject({
  key: did,
  name: z.string().describe('Empty where it is not known here'),
  organisation,
  organisationName: z.string().describe('Empty where no trust list names it'),
  roles: z.array(role),
});

const words = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({
    title: z.string(),
    filename: z.string(),
    makers: z.array(z.string()),
    dateText: z.string(),
    notes: z.string(),
  }),
]);

/** What `history --json` prints of each statement. */
export const pastStatement = z
  .strictObject({
    id: statement,
    kind: z.string(),
    at: z.string().nullable().describe('By its author’s word; null for a kind of a newer program'),
    bySet: z.boolean().describe('It is about a set that the asset is in'),
    author: recorder.nullable().describe('Who recorded it; null for a kind of a newer program'),
    signer: did.nullable().describe('Of a claim: who signed it, where its envelope is here'),
    body: z.record(z.string(), z.unknown()).describe('Codes, numbers, times and digests'),
    words: words.nullable().describe('What its record says to people'),
    lacksWords: z.boolean().describe('Its record is not here, or erased'),
    namedBy: z
      .array(z.strictObject({ id: statement, kind: z.string() }))
      .describe('Later statements that name it: what ended, replaced or judged it'),
  })
  .meta({ id: 'PastStatement', description: 'A statement about an asset, and who made it' });

export const historyPage = z.strictObject({
  total: count.describe('Statements that stand about the asset'),
  cursor: z.string().nullable().describe('Where to go on, while there is more'),
});
