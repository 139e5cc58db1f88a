import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { type ReadRow, readSentCatalogue } from '../../archive/operations/read-catalogue.ts';
import { toBase64 } from '../../core/base64.ts';
import { onFile } from '../../core/file-fault.ts';
import { MAPPING_NAMES } from '../../core/ports/intake.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addCatalogue(program: Command, bind: Bind): void {
  const group = program
    .command('catalogue')
    .summary('look at what a catalogue says')
    .description(
      'A catalogue is a CSV file that says what files are; "ingest --catalog" takes one.',
    )
    .addHelpText('after', '\nExample:\n  ringfence catalogue read scans/catalog.csv');
  const read = group
    .command('read')
    .summary('say what its columns and rows mean')
    .description(
      'Reads a catalogue (CSV, at most 64 MiB) by the rules of "ingest" without looking for its files: what each ' +
        'column is read as, and which rows are wrong. With --json, every row as an upload of its file takes it.',
    )
    .argument('<file>', 'catalogue')
    .addOption(
      new Option('--map <name>', 'how its columns are to be read').choices([...MAPPING_NAMES]),
    )
    .addHelpText('after', '\nExample:\n  ringfence catalogue read scans/catalog.csv');
  bind(read, tell);
}

async function tell(context: Context, path: string, { map }: { readonly map?: string }) {
  const { output } = context;
  let problems = 0;
  const input = { name: basename(path), bytes: toBase64(await onFile(path, () => readFile(path))) };
  const { columns, records, warnings } = await perform(
    context,
    readSentCatalogue,
    { ...input, ...(map === undefined ? {} : { map }) },
    (row: ReadRow) => {
      output.document(row);
      if (row.kind === 'row') return;
      problems += 1;
      output.line(printable(`${row.text} [${row.code}]`));
    },
  );
  output.document({ records, columns, warnings });
  for (const { name, fields } of columns) {
    output.line(`${printable(name)}: ${fields.length === 0 ? 'not used' : fields.join(', ')}`);
  }
  for (const text of warnings) output.notice(`note: ${printable(text)}`);
  output.line(`${countOf(records, 'record')}, ${countOf(problems, 'problem')}`);
  return problems > 0 ? EXIT.incomplete : EXIT.done;
}
