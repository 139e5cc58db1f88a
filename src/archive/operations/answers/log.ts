import { z } from 'zod';
import { cid, count, did, entry, moment, organisation, statement } from './names.ts';

const keyHolder = z
  .strictObject({
    key: did,
    name: z.string().describe('Empty where it is not known here'),
    organisation: organisation.nullable().describe('Null for a key that is no member’s any more'),
    organisationName: z.string().describe('Empty where no trust list names it'),
  })
  .meta({ id: 'KeyHolder', description: 'Whose key it is, as far as this home knows' });

const line = {
  arrival: count.describe('Its number in the order of arrival here, from 0'),
  entry,
  author: keyHolder,
  at: moment.nullable().describe('By its author’s word; null where nothing of it stands'),
  kinds: z
    .array(z.strictObject({ kind: z.string(), count }))
    .describe('How many statements of which kind'),
  standsNot: count.describe('Statements of it that count for nothing, or are of a newer program'),
};

/** What `log list --json` prints of each entry. */
export const logEntry = z
  .strictObject(line)
  .meta({ id: 'LogEntry', description: 'An entry of the arrival log of this home' });

const note = z.string().describe('A signed note (C2SP)');

export const logPage = z.strictObject({
  size: count.describe('Entries of the log'),
  next: count.nullable().describe('What to give as `before` for the entries that came earlier'),
});

export const logHead = z.strictObject({
  address: z.string().describe('Of the archive'),
  log: did.describe('The key that signs this log'),
  size: count,
  note: note.describe('A signed note (C2SP) over the log as it is now'),
  confirmed: z
    .strictObject({
      size: count,
      note: note.describe(
        'A signed note (C2SP), with the signature lines of those who confirmed it',
      ),
      by: z.array(keyHolder),
    })
    .nullable()
    .describe('The newest checkpoint that others have confirmed'),
});

export const shownEntry = z.strictObject({
  ...line,
  statements: z.array(
    z.strictObject({
      id: statement,
      kind: z.string(),
      outcome: z.enum(['standing', 'void', 'unknown']),
      reason: z.string().nullable().describe('Why it counts for nothing'),
    }),
  ),
  proof: z.string().describe('A C2SP tlog-proof of its leaf, the 36 bytes of its CID'),
  blocks: z
    .array(z.strictObject({ cid, bytes: z.string().describe('Base64') }))
    .describe('The entry, its batch, and envelopes that members have signed elsewhere'),
});
