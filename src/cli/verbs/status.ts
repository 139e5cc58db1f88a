import type { Command } from 'commander';
import { countAssets } from '../../archive/operations/count-assets.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, countText, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addStatus(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('status'))
    .summary('count what is in the archive and what the verdicts are')
    .description('Counts assets by verdict, and the rest by the first rule that they do not pass.')
    .addHelpText('after', '\nExample:\n  ringfence status --purpose search_index --policy gold');
  bind(command, status);
}

async function status(context: Context, options: QuestionOptions) {
  const counted = await perform(context, countAssets, questionOf(options));
  context.output.document(counted);
  for (const line of linesOf(counted)) context.output.line(line);
  return EXIT.done;
}

function* linesOf(counted: Awaited<ReturnType<typeof countAssets.run>>): Iterable<string> {
  const { name, address, assets, entries, verdicts, headlines } = counted;
  yield `${printable(name)}  ${address}`;
  yield `${countOf(assets, 'asset')}, ${countOf(entries, 'ledger entry', 'ledger entries')}`;
  for (const collection of counted.collections) {
    yield `  ${printable(collection.name)}: ${countOf(collection.assets, 'asset')}`;
  }
  yield `For ${counted.purpose} by ${counted.requester}, under ${counted.policy}:`;
  yield `  ${countText(verdicts.eligible).padStart(9)}  eligible`;
  yield `  ${countText(verdicts.hold).padStart(9)}  on hold`;
  yield `  ${countText(verdicts.ineligible).padStart(9)}  not eligible`;
  if (headlines.length === 0) return;
  yield 'Not eligible or on hold, by the first rule not passed:';
  for (const { gate, rule, code, assets: count } of headlines) {
    yield `  ${countText(count).padStart(9)}  ${gate} · ${rule} ${code}`;
  }
  yield '"ringfence explain CID" says in words why one is, or is not.';
}
