import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import { EVENT_NAMES } from '../events/event.ts';
import { count } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Webhooks of one home; each reads the ledger for itself. */
const MOST = 64;

const types = z.array(z.enum(EVENT_NAMES));

/** Has somebody told of events from now on; gives the secret that messages are signed with, once. */
export const addWebhook = createOperation({
  name: 'webhook.add',
  opens: 'stale-archive',
  changes: true,
  tellsSecret: true,
  input: z.strictObject({
    url: z.string().min(1).max(2048),
    types: types.min(1),
    allowPrivate: z.boolean(),
  }),
  result: z.strictObject({
    id: z.string(),
    url: z.string(),
    types,
    secret: z.string().describe('That messages are signed with; told now and not again'),
  }),
  async run({ webhooks, ledger, randomBytes }, { url, types, allowPrivate }) {
    if (webhooks.list().length >= MOST) {
      throw new ArchiveError('usage_invalid', `there are ${MOST} webhooks already; remove one`);
    }
    const id = `whk_${toHex(randomBytes(8))}`;
    const secret = `whsec_${Buffer.from(randomBytes(32)).toString('base64')}`;
    await webhooks.add({ id, url, types, secret, allowPrivate, upTo: ledger.size() - 1 });
    return { id, url, types, secret };
  },
});

/** Lists the webhooks, with how many entries each is behind. */
export const listWebhooks = createOperation({
  name: 'webhook.list',
  opens: 'stale-archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(
    z.strictObject({
      id: z.string(),
      url: z.string(),
      types: z.array(z.string()),
      allowPrivate: z.boolean(),
      behind: count.describe('Entries that it was not told of yet'),
    }),
  ),
  async run({ webhooks, ledger }) {
    const last = ledger.size() - 1;
    return webhooks.list().map(({ id, url, types, allowPrivate, upTo }) => {
      return { id, url, types, allowPrivate, behind: Math.max(0, last - upTo) };
    });
  },
});

/** Has a webhook told nothing more. */
export const removeWebhook = createOperation({
  name: 'webhook.remove',
  opens: 'stale-archive',
  changes: true,
  input: z.strictObject({ id: z.string() }),
  result: z.strictObject({ id: z.string() }),
  async run({ webhooks }, { id }) {
    if (await webhooks.remove(id)) return { id };
    throw new ArchiveError('not_found', `there is no webhook ${id}; "webhook list" shows them`);
  },
});
