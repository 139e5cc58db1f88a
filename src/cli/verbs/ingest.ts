import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type IngestEvent, ingest } from '../../archive/ingest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { bytesText, countText, durationText, printable } from '../printable.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

interface Options {
  readonly catalog?: string;
  readonly map?: string;
  readonly collection: string;
  readonly custody?: true;
  readonly all?: true;
  readonly hidden?: true;
  readonly dryRun?: true;
}

export function addIngest(program: Command, bind: Bind): void {
  const command = program
    .command('ingest')
    .summary('take files into the archive')
    .description(
      'Stores files, inspects them and deposits them with what their catalogue says. Run it again ' +
        'after an interruption: nothing is stored or deposited twice.',
    )
    .argument('<path...>', 'files and folders')
    .option('--catalog <file>', 'catalogue (CSV); only files that have a row in it are deposited')
    .option(
      '--map <file>',
      'how its columns are to be read: tms, collectionspace, dublin-core or a file',
    )
    .option('--collection <name>', 'collection to deposit into', 'main')
    .option('--custody', 'state that your institution holds these works (class K, if it is vetted)')
    .option('--all', 'deposit files without a row as well')
    .option('--hidden', 'take hidden files and folders as well')
    .option('--dry-run', 'only look: write nothing')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence ingest scans/ --catalog scans/catalog.csv --collection prints --custody',
    );
  bind(command, run);
}

async function run(context: Context, paths: readonly string[], options: Options) {
  return withArchive(context, async (archive) => {
    const events = ingest(
      {
        paths,
        collection: options.collection,
        catalogue:
          options.catalog === undefined
            ? undefined
            : {
                path: resolve(options.catalog),
                ...(options.map === undefined ? {} : { map: options.map }),
              },
        all: options.all ?? false,
        hidden: options.hidden ?? false,
        custody: options.custody ?? false,
        dryRun: options.dryRun ?? false,
        measured: context.output.isWatched,
        exclude: [archive.paths.home, ...archive.paths.packs],
        signal: context.signal,
      },
      archive,
    );
    let status: ExitCode = EXIT.done;
    for await (const event of events) {
      tell(event, context.output);
      if (event.event === 'done' && event.failed > 0) status = EXIT.incomplete;
    }
    return status;
  });
}

function tell(event: IngestEvent, output: Output): void {
  switch (event.event) {
    case 'progress':
      output.progress('ingesting', event);
      break;
    case 'warning':
      if (output.json) output.document(event);
      else output.notice(`note: ${printable(event.text)}`);
      break;
    case 'failed':
      if (output.json) output.document(event);
      else output.notice(`not taken: ${printable(event.text)} [${event.code}]`);
      break;
    case 'done':
      output.document(event);
      output.line(
        `${countText(event.files)} files: ${countText(event.deposits)} deposited, ` +
          `${countText(event.stored)} new assets (${bytesText(event.bytes)}), ` +
          `${countText(event.duplicates)} stored before, ${countText(event.uncatalogued)} uncatalogued, ` +
          `${countText(event.failed)} failed, in ${durationText(event.seconds)}`,
      );
      if (event.described > 0) {
        output.line(`${countText(event.described)} descriptions or licences changed`);
      }
      break;
  }
}
