import type { Command } from 'commander';
import {
  linkBrowser,
  listBrowsers,
  removeBrowser,
} from '../../archive/operations/sign-in-browsers.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addBrowser(program: Command, bind: Bind): void {
  const browser = program
    .command('browser')
    .summary('sign browsers in as the owner')
    .description(
      'A browser that was signed in with a link has a key of its own, which cannot leave it, and acts as the ' +
        'owner of this home for thirty days.',
    )
    .addHelpText('after', '\nExample:\n  ringfence browser link');
  const linking = browser
    .command('link')
    .summary('print a link that signs one browser in')
    .description(
      'Prints a link to the running node. It works once, within ten minutes: whoever opens it first acts as the owner.',
    )
    .addHelpText('after', '\nExample:\n  ringfence browser link');
  bind(linking, link);
  const listing = browser
    .command('list')
    .summary('list the browsers')
    .description('Lists the browsers that act as the owner, and until when.')
    .addHelpText('after', '\nExample:\n  ringfence browser list --json');
  bind(listing, list);
  const removing = browser
    .command('remove')
    .summary('sign a browser out')
    .description('Ends a browser: with its next request it is a stranger.')
    .argument('<key>', 'did:key, as "browser list" shows it')
    .addHelpText('after', '\nExample:\n  ringfence browser remove did:key:z6Mk…');
  bind(removing, remove);
}

async function link(context: Context) {
  const { nodeUrl } = await import('../../compose/files/node-file.ts');
  const url = nodeUrl(context.home);
  const { path, until } = await perform(context, linkBrowser, {});
  context.output.document({ url: `${url}${path}`, until });
  context.output.line(`${url}${path}`);
  return EXIT.done;
}

async function list(context: Context) {
  const browsers = await perform(context, listBrowsers, {});
  context.output.document({ browsers });
  for (const { key, agent, since, until } of browsers) {
    context.output.line(`${key}  since ${since}, until ${until}`);
    context.output.line(`  ${printable(agent)}`);
  }
  return EXIT.done;
}

async function remove(context: Context, key: string) {
  context.output.document(await perform(context, removeBrowser, { key }));
  context.output.line(`${printable(key)} is signed out`);
  return EXIT.done;
}
