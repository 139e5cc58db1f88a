import { z } from 'zod';
import { isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { exportedFeed } from './answers/exported-feed.ts';
import { count, did } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Writes the arrival log into a file, for a home to which there is no line. */
export const exportFeedFile = createOperation({
  name: 'sync.export',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    /** An absolute path. */
    path: z.string().min(1),
    since: z.number().int().nonnegative(),
    /** The key of the home that may have the records; null for no records. */
    recipient: z.string().nullable(),
  }),
  result: exportedFeed,
  async run({ exchanges }, { path, since, recipient }, { signal }) {
    if (recipient !== null && !isDid(recipient)) {
      throw new ArchiveError('usage_invalid', `${recipient} is no did:key of a home`);
    }
    const readers = recipient === null ? {} : { recipient };
    return exchanges.exportFeed(path, { since, signal, ...readers });
  },
});

/** Takes what another home has written into a file. */
export const importFeedFile = createOperation({
  name: 'sync.import',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ path: z.string().min(1) }),
  result: z.strictObject({
    from: did.describe('Key of the home it comes from'),
    entries: count.describe('Entries that were not here before'),
    skipped: count.describe('Entries that no node will accept'),
    size: count.describe('Entries in the other home’s log when the file was written'),
  }),
  async run({ exchanges, catalog }, { path }, { signal }) {
    const imported = await exchanges.importFeed(path, { signal });
    await catalog.catchUp({ signal });
    return imported;
  },
});
