import { resolve } from 'node:path';
import type { Command } from 'commander';
import { explainAsset, proveAssetVerdict } from '../../archive/operations/explain-asset.ts';
import { ArchiveError } from '../../core/errors.ts';
import { explainText } from '../../core/policy/explain.ts';
import { EXIT } from '../exit-codes.ts';
import { matchLines } from '../match-lines.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addExplain(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('explain'))
    .summary('say why an asset may be used, or not')
    .description(
      'Prints the verdict on one asset, gate by gate, with the ledger entries that made it so.',
    )
    .argument('<cid>', 'CID of the asset')
    .option(
      '--prove',
      'write the verdict with all that it follows from, for "ringfence verify FILE"',
    )
    .option('--out <file>', 'with --prove: the file to write (default: CID.verdict)')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence explain bafkrei… --purpose ai_training --policy gold\n' +
        '  ringfence explain bafkrei… --prove --out cat.verdict && ringfence verify cat.verdict',
    );
  bind(command, run);
}

interface Options extends QuestionOptions {
  readonly prove?: boolean;
  readonly out?: string;
}

async function run(context: Context, asset: string, options: Options) {
  if (options.prove === true) return await prove(context, asset, options);
  if (options.out !== undefined) throw new ArchiveError('usage_invalid', '--out goes with --prove');
  const input = { asset, ...questionOf(options) };
  const { title, verdict, said } = await perform(context, explainAsset, input);
  context.output.document(Object.keys(said).length === 0 ? verdict : { ...verdict, said });
  if (title !== '') context.output.line(printable(title));
  for (const line of explainText(verdict, said)) context.output.line(printable(line));
  const lines = (verdict.matches ?? []).flatMap((match) => [...matchLines(match)]);
  for (const line of lines) context.output.line(line);
  return EXIT.done;
}

async function prove(context: Context, asset: string, options: Options) {
  const path = resolve(options.out ?? `${asset}.verdict`);
  const proven = await perform(context, proveAssetVerdict, { asset, path, ...questionOf(options) });
  context.output.document(proven);
  context.output.line(
    `Wrote ${printable(path)}: ${proven.verdict.verdict}, by all ` +
      `${countOf(proven.entries, 'entry', 'entries')} of this log, ${bytesText(proven.bytes)}`,
  );
  return EXIT.done;
}
