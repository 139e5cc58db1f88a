import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exportFeedFile, importFeedFile } from '../../archive/operations/carry-feeds.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addSync(program: Command, bind: Bind): void {
  const sync = program
    .command('sync')
    .summary('carry the ledger to another home, and theirs here, as a file')
    .description('For studios without a line. Bytes of assets are not in the file.')
    .addHelpText('after', '\nExample:\n  ringfence sync export studio.feed --for did:key:z6Mk…');
  bind(
    sync
      .command('export')
      .argument('<file>', 'file to write')
      .summary('write what arrived here')
      .description(
        'Writes the entries that arrived here, with the signed head of the log. Records (names, notes) are in it as ' +
          'far as the recipient may read them, and none without --for.',
      )
      .option(
        '--since <number>',
        'leave out this many entries that the other home has already',
        '0',
      )
      .option('--for <did>', 'key of the home that it is for')
      .addHelpText('after', '\nExample:\n  ringfence sync export studio.feed --for did:key:z6Mk…'),
    exportFile,
  );
  bind(
    sync
      .command('import')
      .argument('<file>', 'file that "sync export" has written')
      .summary('take what another home has written')
      .description('Takes what is in the file, checked as if it came over a line.')
      .addHelpText('after', '\nExample:\n  ringfence sync import studio.feed'),
    importFile,
  );
}

async function exportFile(
  context: Context,
  file: string,
  options: { readonly since: string; readonly for?: string },
) {
  if (!/^(0|[1-9]\d{0,14})$/.test(options.since)) {
    throw new ArchiveError('usage_invalid', '--since takes a number of entries');
  }
  const { refuseInHome } = await import('../../compose/refuse-in-home.ts');
  await refuseInHome(file);
  const exported = await perform(context, exportFeedFile, {
    path: resolve(file),
    since: Number(options.since),
    recipient: options.for ?? null,
  });
  context.output.document(exported);
  context.output.line(
    `Wrote ${printable(exported.path)}: ${countOf(exported.entries, 'entry', 'entries')} of ` +
      `${exported.size}, ${bytesText(exported.bytes)}`,
  );
  return EXIT.done;
}

async function importFile(context: Context, file: string) {
  const imported = await perform(context, importFeedFile, { path: resolve(file) });
  context.output.document(imported);
  context.output.line(
    `Took ${countOf(imported.entries, 'new entry', 'new entries')} of the log of ${imported.from} (${imported.size})`,
  );
  if (imported.skipped > 0) {
    context.output.line(
      `  left out  ${countOf(imported.skipped, 'entry', 'entries')} that no node will accept`,
    );
  }
  return EXIT.done;
}
