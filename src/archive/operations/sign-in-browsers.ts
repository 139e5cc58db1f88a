import { z } from 'zod';
import { isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { retireBrowsers } from '../signing/browser-rights.ts';
import { did } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Makes a link that signs one browser in as the owner, once; gives the path of it at the node. */
export const linkBrowser = createOperation({
  name: 'browser.link',
  opens: 'stale-archive',
  changes: true,
  tellsSecret: true,
  input: z.strictObject({}),
  result: z.strictObject({
    path: z
      .string()
      .describe('At the node: `/sign-in#` and a secret, which is told now and kept nowhere'),
    until: z.iso.datetime(),
  }),
  async run({ browsers }) {
    return browsers.createLink();
  },
});

/** Lists the browsers that act as the owner. */
export const listBrowsers = createOperation({
  name: 'browser.list',
  opens: 'stale-archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(
    z.strictObject({
      key: did,
      agent: z.string().describe('What the browser says of itself'),
      since: z.iso.datetime(),
      until: z.iso.datetime(),
    }),
  ),
  async run({ browsers }) {
    return browsers.list();
  },
});

/** Ends a browser at once, and its rights in the ledger. */
export const removeBrowser = createOperation({
  name: 'browser.remove',
  opens: 'stale-archive',
  changes: true,
  input: z.strictObject({ key: z.string() }),
  result: z.strictObject({ key: did }),
  async run(archive, { key }, { notice }) {
    if (!isDid(key) || !(await archive.browsers.remove(key))) {
      const text = `there is no browser with the key ${key}; "browser list" shows them`;
      throw new ArchiveError('not_found', text);
    }
    try {
      await retireBrowsers(archive);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      notice(`it is signed out here; its rights in the ledger end later: ${error.message}`);
    }
    return { key };
  },
});
