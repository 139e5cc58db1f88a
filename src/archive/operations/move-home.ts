import { z } from 'zod';
import { createOperation } from './operation.ts';

/** Backs the home up into a folder, on the machine of whoever has it open. */
export const backUpHome = createOperation({
  name: 'backup',
  opens: 'stores',
  changes: true,
  input: z.strictObject({
    /** An absolute path. */
    out: z.string().min(1),
    passphrase: z.string(),
    withPacks: z.boolean(),
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
  async run({ ledger }) {
    const wasWaiting = ledger.isWaiting;
    ledger.endWait();
    return { wasWaiting };
  },
});
