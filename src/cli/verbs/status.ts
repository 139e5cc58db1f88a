import type { Command } from 'commander';
import { timestampOf } from '../../archive/now.ts';
import { countOf, countText, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

export function addStatus(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('status'))
    .summary('count what is in the archive and what the verdicts are')
    .description('Counts assets by verdict, and the rest by the first rule that they do not pass.')
    .addHelpText('after', '\nExample:\n  ringfence status --purpose search_index --policy gold');
  bind(command, status);
}

async function status(context: Context, options: QuestionOptions) {
  return withArchive(context, async ({ catalog, ledger, clock }) => {
    const question = questionOf(options, timestampOf(clock));
    const assets = await catalog.count({});
    const collections = catalog.collections();
    const { eligible, hold, ineligible, headlines } = catalog.counts({
      is: 'eligible',
      ...question,
    });
    const { address, charter } = ledger;
    context.output.document({
      name: charter.name,
      address,
      entries: ledger.size(),
      assets,
      collections,
      ...question,
      verdicts: { eligible, hold, ineligible },
      headlines,
    });
    const line = (text: string) => context.output.line(text);
    line(`${printable(charter.name)}  ${address}`);
    line(
      `${countOf(assets, 'asset')}, ${countOf(ledger.size(), 'ledger entry', 'ledger entries')}`,
    );
    for (const collection of collections) {
      line(`  ${printable(collection.name)}: ${countOf(collection.assets, 'asset')}`);
    }
    line(`For ${question.purpose} by ${question.requester}, under ${question.policy}:`);
    line(`  ${countText(eligible).padStart(9)}  eligible`);
    line(`  ${countText(hold).padStart(9)}  on hold`);
    line(`  ${countText(ineligible).padStart(9)}  not eligible`);
    if (headlines.length > 0) line('Not eligible or on hold, by the first rule not passed:');
    for (const { gate, rule, code, assets: count } of headlines) {
      line(`  ${countText(count).padStart(9)}  ${gate} · ${rule} ${code}`);
    }
    return undefined;
  });
}
