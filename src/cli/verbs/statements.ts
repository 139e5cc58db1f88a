import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Relation } from '../../archive/derive.ts';
import { declareAssets, deriveAsset } from '../../archive/operations/state-things.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RELATIONS } from '../../core/statements/asset-kinds.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface DeclareOptions {
  readonly set?: string;
  readonly sourceType: string;
  /** Commander's form of `--no-generative`: true unless given. */
  readonly generative: boolean;
  readonly tool: readonly string[];
  readonly note?: string;
}

export function addDeclare(program: Command, bind: Bind): void {
  const command = program
    .command('declare')
    .summary('say how assets came to be')
    .description(
      'Records your word on how one asset, or each of a set, was made. It is a claim: a word that ' +
        'it was generated counts, a word that it was not is no evidence.',
    )
    .argument('[cid]', 'CID of the asset')
    .option('--set <file>', 'a file with one CID a line, instead of one CID')
    .requiredOption(
      '--source-type <type>',
      'IPTC digital source type, such as digitalCapture, digitalCreation or trainedAlgorithmicMedia (required)',
    )
    .option('--no-generative', 'say that no output of a generative model went in')
    .option('--tool <name...>', 'tools that were used', [])
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence declare bafkrei… --source-type digitalCreation --tool krita',
    );
  bind(command, runDeclare);
}

export function addDerive(program: Command, bind: Bind): void {
  const command = program
    .command('derive')
    .summary('say that one asset stems from another')
    .description(
      'Records how one asset of the archive was made from another. What was made from or by generated ' +
        'work, or from work whose making is not shown, is not eligible; "inspired-by" alone changes ' +
        'nothing. A derivation cannot be taken back yet.',
    )
    .argument('<child>', 'CID of the asset that stems from the other')
    .requiredOption('--from <parent>', 'CID of the asset it stems from (required)')
    .addOption(
      new Option('--relation <relation>', 'how it stems from it')
        .choices(RELATIONS)
        .default('derived-from'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  ringfence derive bafkrei… --from bafybei… --relation composed-of',
    );
  bind(command, runDerive);
}

async function runDeclare(context: Context, text: string | undefined, options: DeclareOptions) {
  const { note } = options;
  const result = await perform(context, declareAssets, {
    assets: await assetsOf(text, options.set),
    sourceType: options.sourceType,
    generative: options.generative ? 'unstated' : 'none',
    tools: [...options.tool],
    ...(note === undefined ? {} : { note }),
  });
  context.output.document(result);
  context.output.line(`Declared for ${countOf(result.assets, 'asset')} in entry ${result.entry}`);
  return EXIT.done;
}

async function runDerive(
  context: Context,
  child: string,
  options: { readonly from: string; readonly relation: Relation },
) {
  const input = { child, parent: options.from, relation: options.relation };
  const result = await perform(context, deriveAsset, input);
  context.output.document(result);
  context.output.line(`Recorded in entry ${result.entry}`);
  return EXIT.done;
}

async function assetsOf(text: string | undefined, setFile: string | undefined): Promise<string[]> {
  if ((text === undefined) === (setFile === undefined)) {
    throw new ArchiveError('usage_invalid', 'give one CID, or --set FILE with one CID a line');
  }
  if (text !== undefined) return [text];
  const lines = (await readSetFile(setFile ?? '')).split('\n').map((line) => line.trim());
  const assets = lines.filter((line) => line !== '');
  if (assets.length === 0) throw new ArchiveError('usage_invalid', `${setFile} names no asset`);
  return assets;
}

async function readSetFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ArchiveError('file_unreadable', `${path} cannot be read; give a file of CIDs`, {
      cause,
    });
  }
}
