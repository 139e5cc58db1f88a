import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { importTrustFiles, listTrust, showTrust } from '../../archive/operations/read-trust.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { told, typed } from './member.ts';

export function addTrust(program: Command, bind: Bind): void {
  const trust = program
    .command('trust')
    .summary('read and change whom the archive trusts')
    .description(
      'Trust lists name the institutions whose custody counts, and the signers of Content Credentials. They ' +
        'change by proposals.',
    )
    .addHelpText('after', '\nExample:\n  ringfence trust list');
  const listing = trust
    .command('list')
    .summary('list the trust lists')
    .description('Lists the trust lists in force with their CIDs, which findings name.')
    .addHelpText('after', '\nExample:\n  ringfence trust list --json');
  bind(listing, list);
  const showing = trust
    .command('show')
    .summary('read one trust list')
    .description('Prints what is in a trust list; with --json as it can be changed and imported.')
    .argument('<name>', 'institutions or credentials')
    .addHelpText('after', '\nExample:\n  ringfence trust show credentials --json');
  bind(showing, show);
  const importing = trust
    .command('import')
    .summary('propose a trust list for Content Credentials')
    .description(
      'Proposes a trust list out of the files that the C2PA conformance programme publishes: signers and ' +
        'time-stamping authorities (JSON or PEM), conforming products, key usages; or out of what "trust show ' +
        'credentials --json" printed. What no file speaks of stays as it is in force. It takes effect when ' +
        'more than half of the stewards have approved; "reinspect" then looks at stored credentials again.',
    )
    .argument('<file...>', 'trust lists, list of conforming products, PEM, key usages')
    .option('--timestamps', 'certificates in PEM files are of time-stamping authorities')
    .option('--reason <code>', 'why, in a word', 'change')
    .option('--dry-run', 'say what would change, and propose nothing')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence trust import C2PA-TRUST-LIST.json C2PA-TSA-TRUST-LIST.json',
    );
  bind(importing, importFiles);
}

async function list(context: Context) {
  for (const found of await perform(context, listTrust, {})) {
    context.output.document(found);
    context.output.line(`${found.name.padEnd(22)} ${found.cid}`);
  }
  return EXIT.done;
}

async function show(context: Context, name: string) {
  const { cid, list: found } = await perform(context, showTrust, { name });
  const document = Object.entries(found as object);
  context.output.document({ cid, ...Object.fromEntries(document) });
  context.output.line(`${name}  ${cid}`);
  for (const [part, value] of document) {
    if (Array.isArray(value)) context.output.line(`  ${part.padEnd(13)} ${value.length}`);
    for (const named of Array.isArray(value) ? value : []) {
      if (typeof named.name === 'string') context.output.line(`    ${printable(named.name)}`);
    }
  }
  return EXIT.done;
}

async function importFiles(
  context: Context,
  paths: readonly string[],
  {
    timestamps,
    reason,
    dryRun = false,
  }: { readonly timestamps?: true; readonly reason: string; readonly dryRun?: boolean },
) {
  const files = await Promise.all(
    paths.map(async (name) => ({ name, text: await onFile(name, () => readFile(name, 'utf8')) })),
  );
  const purpose = timestamps === true ? 'timestampers' : 'signers';
  const input = typed(importTrustFiles.input, { files, purpose, reason, isTrial: dryRun });
  const { proposed, ...counts } = await perform(context, importTrustFiles, input);
  const { signers, timestampers, products } = counts;
  context.output.line(
    `${countOf(signers, 'signer')}, ${countOf(timestampers, 'time-stamping authority', 'time-stamping authorities')}, ` +
      `${countOf(products, 'product')}`,
  );
  for (const { part, added, removed } of counts.changes) {
    for (const name of added) context.output.line(`  + ${part.padEnd(13)} ${printable(name)}`);
    for (const name of removed) context.output.line(`  - ${part.padEnd(13)} ${printable(name)}`);
  }
  if (proposed !== null) return told(context, proposed);
  context.output.document({ ...counts, proposal: null });
  if (counts.changes.length === 0) {
    context.output.line('That is what is in force; nothing is proposed.');
  } else context.output.line('Nothing is proposed: run it again without --dry-run.');
  return EXIT.done;
}
