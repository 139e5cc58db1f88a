import { z } from 'zod';
import { bareMatch } from './match.ts';
import { cid, count, errorCode } from './names.ts';

/** What was found by screening. */
const alarm = {
  asset: cid,
  reason: z.enum(['malware', 'listed', 'not-screened']),
  tool: z.string(),
};

export const quarantined = z.strictObject(alarm);

const failed = z.strictObject({
  event: z.literal('failed'),
  code: errorCode,
  subject: z.string().describe('Path within what was offered, or the line of the catalogue'),
  text: z.string(),
});

const match = z.strictObject({ event: z.literal('match'), ...bareMatch.shape });

/** How far an ingest is; a stream tells it as progress. */
export const progressEvent = z.strictObject({
  event: z.literal('progress'),
  files: count,
  bytes: count,
  expectedFiles: count.optional(),
  expectedBytes: count.optional(),
});

/** What an ingest tells besides its progress; `done` comes last. */
export const fileEvent = z
  .discriminatedUnion('event', [
    z.strictObject({ event: z.literal('warning'), text: z.string() }),
    match.describe('What was deposited is like something registered as generated, and held'),
    z
      .strictObject({ event: z.literal('quarantined'), ...alarm })
      .describe('Given to nobody until somebody has looked'),
    z
      .strictObject({ event: z.literal('uncatalogued'), subject: z.string() })
      .describe('A file that has no row; told by a dry run'),
    failed,
    z.strictObject({
      event: z.literal('done'),
      files: count.describe('Files met, uncatalogued and failed ones included'),
      accepted: count.describe('Files that names and rows allow to be taken in'),
      stored: count.describe('Assets whose bytes were not here before'),
      duplicates: count.describe('Files whose asset was here already, or came earlier in the run'),
      uncatalogued: count,
      failed: count,
      bytes: count.describe('Of the files that were stored'),
      entries: count.describe('Entries appended'),
      deposits: count.describe('Deposit statements appended'),
      described: count.describe('Deposits whose row has changed since'),
      declared: count.describe('Assets whose digital source type was declared'),
      custody: count.describe('Assets whose custody was stated'),
      seconds: z.number(),
    }),
  ])
  .meta({ id: 'FileEvent' });

export const syntheticEvent = z
  .discriminatedUnion('event', [
    failed,
    z.strictObject({ event: z.literal('registered'), cid, subject: z.string() }),
    match.describe('A deposited work that is like it, and held'),
    z.strictObject({
      event: z.literal('done'),
      files: count,
      registered: count,
      known: count.describe('Registered under this generator before'),
      failed: count,
      entries: count,
    }),
  ])
  .meta({ id: 'SyntheticEvent' });
