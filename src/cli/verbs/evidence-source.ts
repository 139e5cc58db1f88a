import type { Command } from 'commander';
import { readSources } from '../../archive/operations/read-sources.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addSource(evidence: Command, bind: Bind): void {
  const source = evidence
    .command('source')
    .summary('print the raw text that findings rest on')
    .description(
      'Prints what the inspectors read out of the file: metadata, credentials, traces, as it stands there.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence evidence source bafkrei… --json');
  bind(source, tell);
}

async function tell(context: Context, asset: string) {
  const { output } = context;
  const { sources, missing } = await perform(context, readSources, { asset }, (one) => {
    output.document(one);
    output.line(`${one.inspector}, ${printable(one.where)}${one.truncated ? ' (cut)' : ''}:`);
    for (const line of one.text.split('\n')) output.line(`  ${printable(line)}`);
  });
  output.line(countOf(sources, 'text'));
  if (missing > 0) output.notice(`${countOf(missing, 'finding')} with texts not here, or erased`);
  return EXIT.done;
}
