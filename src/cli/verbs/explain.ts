import type { Command } from 'commander';
import { explainAsset } from '../../archive/operations/explain-asset.ts';
import { explainText } from '../../core/policy/explain.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addExplain(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('explain'))
    .summary('say why an asset may be used, or not')
    .description(
      'Prints the verdict on one asset, gate by gate, with the ledger entries that made it so.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence explain bafkrei… --purpose ai_training --policy gold',
    );
  bind(command, run);
}

async function run(context: Context, asset: string, options: QuestionOptions) {
  const input = { asset, ...questionOf(options) };
  const { title, verdict } = await perform(context, explainAsset, input);
  context.output.document(verdict);
  if (title !== '') context.output.line(printable(title));
  for (const line of explainText(verdict)) context.output.line(line);
  return EXIT.done;
}
