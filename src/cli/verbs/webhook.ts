import { type Command, Option } from 'commander';
import { EVENT_NAMES } from '../../archive/events/event.ts';
import { addWebhook, listWebhooks, removeWebhook } from '../../archive/operations/tell-webhooks.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

/** Progress comes many times a second. */
const DEFAULT_TYPES = EVENT_NAMES.filter((name) => name !== 'progress');

export function addWebhooks(program: Command, bind: Bind): void {
  const webhook = program
    .command('webhook')
    .summary('have other programs told of what happens')
    .description(
      'The running node sends each event to the webhooks of its home: statements, verdicts that changed, ' +
        'withdrawals, partners. In order, and again until each is taken.',
    )
    .addHelpText('after', '\nExample:\n  ringfence webhook list');
  const adding = webhook
    .command('add')
    .summary('tell an address from now on')
    .description(
      'Adds an address, and prints the secret by which its messages are known (Standard Webhooks: headers ' +
        'webhook-id, webhook-timestamp, webhook-signature). The secret is not shown again.',
    )
    .argument('<url>', 'https address')
    .addOption(
      new Option('--types <name...>', 'events to be told of')
        .choices(EVENT_NAMES)
        .default(DEFAULT_TYPES, 'all but progress'),
    )
    .option('--allow-private', 'the address may be of a private network, and http')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence webhook add https://studio.example/hooks/ringfence',
    );
  bind(adding, add);
  const listing = webhook
    .command('list')
    .summary('list who is told')
    .description('Lists the webhooks, and how many entries of the ledger each has not taken yet.')
    .addHelpText('after', '\nExample:\n  ringfence webhook list --json');
  bind(listing, list);
  const removing = webhook
    .command('remove')
    .summary('tell an address nothing more')
    .description('Takes a webhook away. What it has not taken is not sent.')
    .argument('<id>', 'as "webhook list" shows it')
    .addHelpText('after', '\nExample:\n  ringfence webhook remove whk_0123456789abcdef');
  bind(removing, remove);
}

async function add(
  context: Context,
  url: string,
  {
    types,
    allowPrivate = false,
  }: { readonly types: string[]; readonly allowPrivate?: true | false },
) {
  const input = typed(addWebhook.input, { url, types, allowPrivate });
  const added = await perform(context, addWebhook, input);
  context.output.document(added);
  context.output.line(`${added.id} is told of ${added.types.join(', ')}`);
  context.output.line(`secret: ${added.secret}`);
  return EXIT.done;
}

async function list(context: Context) {
  const found = await perform(context, listWebhooks, {});
  context.output.document({ webhooks: found });
  for (const { id, url, behind } of found) {
    const state = behind === 0 ? 'up to date' : `${countOf(behind, 'entry', 'entries')} behind`;
    context.output.line(`${id}  ${printable(url)}  ${state}`);
  }
  return EXIT.done;
}

async function remove(context: Context, id: string) {
  context.output.document(await perform(context, removeWebhook, { id }));
  context.output.line(`${printable(id)} is told nothing more`);
  return EXIT.done;
}
