import { z } from 'zod';
import { problems } from './answers/care.ts';
import { count } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Backs the home up into a folder, on the machine of whoever has it open. */
export const backUpHome = createOperation({
  name: 'backup',
  opens: 'stores',
  changes: true,
  input: z.strictObject({
    /** An absolute path. */
    out: z.string().min(1),
    passphrase: z.string().meta({ minLength: 8 }),
    withPacks: z.boolean(),
  }),
  result: z.strictObject({
    folder: z.string(),
    entries: count,
    packs: count,
    bytes: count.describe('Of all files in it'),
    copiedBytes: count.describe('Of these, copied now; the rest lay there already'),
    copiedPacks: count,
    problems: problems.describe('Damage in the packs that were copied now; the first 10,000'),
  }),
  run: async ({ backups }, input, { signal, progress }) =>
    backups.take({ ...input, signal, onProgress: (done) => progress('backing up', done) }),
});

/** Lets a restored home append without having reached a partner. */
export const endWait = createOperation({
  name: 'restore.alone',
  opens: 'stores',
  changes: true,
  input: z.strictObject({}),
  result: z.strictObject({ wasWaiting: z.boolean() }),
  async run({ ledger }) {
    const wasWaiting = ledger.isWaiting;
    ledger.endWait();
    return { wasWaiting };
  },
});
