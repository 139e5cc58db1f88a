import type { Command } from 'commander';
import { explain } from '../../archive/explain.ts';
import { timestampOf } from '../../archive/now.ts';
import { explainText } from '../../core/policy/explain.ts';
import { printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

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
  return withArchive(context, async (archive) => {
    const question = questionOf(options, timestampOf(archive.clock));
    const verdict = explain({ asset, ...question }, archive);
    context.output.document(verdict);
    const title = archive.catalog.asset(verdict.cid)?.title ?? '';
    if (title !== '') context.output.line(printable(title));
    for (const line of explainText(verdict)) context.output.line(line);
    return undefined;
  });
}
