import { resolve } from 'node:path';
import type { Command } from 'commander';
import { matchText } from '../../archive/matching/hold-matches.ts';
import type { fileEvent } from '../../archive/operations/answers/taken.ts';
import type { Described } from '../../archive/operations/operation.ts';
import { takeFiles } from '../../archive/operations/take-files.ts';
import type { IngestEvent } from '../../archive/taking/ingest-events.ts';
import { ArchiveError } from '../../core/errors.ts';
import { MAPPING_NAMES } from '../../core/ports/intake.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { bytesText, countOf, countText, durationText, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface Options {
  readonly catalog?: string;
  readonly map?: string;
  readonly collection: string;
  readonly custody?: true;
  readonly all?: true;
  readonly hidden?: true;
  readonly warc?: true;
  readonly dryRun?: true;
}

export function addIngest(program: Command, bind: Bind): void {
  const command = program
    .command('ingest')
    .summary('take files into the archive')
    .description(
      'Stores files, inspects them and deposits them with what their catalogue says; without a ' +
        'catalogue, all files with nothing said about them. Run it again after an interruption or ' +
        'when rows have changed: nothing is stored or deposited twice. src/intake/README.md describes ' +
        'the columns of a catalogue. A file NAME.headers beside NAME is read as the head of the response ' +
        'that NAME was fetched in, and what it reserves is recorded.',
    )
    .argument('<path...>', 'files and folders')
    .option('--catalog <file>', 'catalogue (CSV); only files that have a row in it are deposited')
    .option(
      '--map <file>',
      'how its columns are to be read: tms, collectionspace, dublin-core or a file',
    )
    .option('--collection <name>', 'collection to deposit into', 'main')
    .option(
      '--custody',
      'state that your institution holds these works; their rows must have a digital_source_type',
    )
    .option('--all', 'deposit files without a row as well')
    .option('--hidden', 'take hidden files and folders as well')
    .option(
      '--warc',
      'the paths are crawls (WARC): deposit what was fetched, with what its sites and pages reserve',
    )
    .option('--dry-run', 'only look: write nothing, and name the files that have no row')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence ingest scans/ --catalog scans/catalog.csv --collection prints --custody\n' +
        '  ringfence ingest crawl.warc.gz --warc --collection web',
    );
  bind(command, run);
}

async function run(context: Context, paths: readonly string[], options: Options) {
  if (options.map !== undefined && options.catalog === undefined) {
    throw new ArchiveError(
      'usage_invalid',
      '--map says how to read a catalogue; name the catalogue with --catalog FILE',
    );
  }
  if (options.warc && options.catalog !== undefined) {
    throw new ArchiveError(
      'usage_invalid',
      'a catalogue describes files, not crawls; leave out --catalog or --warc',
    );
  }
  const isDry = options.dryRun ?? false;
  const { failed } = await perform(
    context,
    takeFiles,
    {
      paths: paths.map((path) => resolve(path)),
      collection: options.collection,
      ...catalogueOf(options),
      all: options.all ?? false,
      hidden: options.hidden ?? false,
      warc: options.warc ?? false,
      custody: options.custody ?? false,
      dryRun: isDry,
      measured: context.output.isWatched,
    },
    (event) => tell(event, context.output, isDry),
  );
  return failed > 0 ? EXIT.incomplete : EXIT.done;
}

function catalogueOf({ catalog, map }: Options) {
  if (catalog === undefined) return {};
  const path = resolve(catalog);
  if (map === undefined) return { catalogue: { path } };
  return { catalogue: { path, map: MAPPING_NAMES.includes(map) ? map : resolve(map) } };
}

function tell(event: Described<typeof fileEvent>, output: Output, isDry: boolean): void {
  switch (event.event) {
    case 'warning':
      if (output.json) output.document(event);
      else output.notice(`note: ${printable(event.text)}`);
      break;
    case 'match':
      output.document(event);
      output.line(`held: ${matchText(event)}`);
      break;
    case 'quarantined':
      output.document(event);
      output.line(`in quarantine: ${event.asset} (${event.reason}, ${event.tool})`);
      break;
    case 'uncatalogued':
      output.document(event);
      output.line(`no row: ${printable(event.subject)}`);
      break;
    case 'failed':
      if (output.json) output.document(event);
      else output.notice(`not taken: ${printable(event.text)} [${event.code}]`);
      break;
    case 'done':
      output.document(event);
      for (const line of isDry ? linesOfLook(event) : linesOfRun(event)) output.line(line);
      break;
  }
}

type Done = Extract<IngestEvent, { event: 'done' }>;

function* linesOfLook(done: Done): Iterable<string> {
  yield `${countOf(done.files, 'file')}: ${countText(done.accepted)} would be taken in, ` +
    `${countText(done.uncatalogued)} uncatalogued, ${countText(done.failed)} failed; nothing was written`;
}

function* linesOfRun(done: Done): Iterable<string> {
  yield `${countOf(done.files, 'file')}: ${countText(done.deposits)} deposited, ` +
    `${countOf(done.stored, 'new asset')} (${bytesText(done.bytes)}), ` +
    `${countText(done.duplicates)} stored before, ${countText(done.uncatalogued)} uncatalogued, ` +
    `${countText(done.failed)} failed, in ${durationText(done.seconds)}`;
  if (done.described > 0) {
    yield `${countOf(done.described, 'description or licence', 'descriptions or licences')} changed`;
  }
  if (done.declared > 0)
    yield `digital source type recorded for ${countOf(done.declared, 'asset')}`;
  if (done.custody > 0) yield `custody stated for ${countOf(done.custody, 'asset')}`;
}
